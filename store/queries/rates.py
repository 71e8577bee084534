"""Exact rate counters in PostgreSQL: the same for every process, behind any proxy."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import col

from store.crypto import FieldCipher
from store.database import Database
from store.tables import RateCounter

_HIT = """
INSERT INTO rate_counter AS r (scope, key_hash, window_start, count)
VALUES (%(scope)s, %(key)s,
        to_timestamp(floor(extract(epoch FROM now()) / %(seconds)s::float8) * %(seconds)s::float8), 1)
ON CONFLICT (scope, key_hash, window_start) DO UPDATE SET count = r.count + 1
RETURNING count, extract(epoch FROM r.window_start + make_interval(secs => %(seconds)s::float8) - now())::float8
"""


class Rates:
    """Counts tries. Callers compare with their limit and answer 429."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._cipher = cipher

    async def hit(self, scope: str, key: str, window: timedelta) -> tuple[int, float]:
        """Count one try of ``key`` (an address, a login) in ``scope``: how many in this window, seconds until its end.

        One statement, committed on its own: a try counts even when what it was for fails.
        """
        row = {"scope": scope, "key": self._cipher.blind("rate", key), "seconds": window.total_seconds()}
        async with self._db.statement() as wire:
            found = await (await wire.execute(_HIT, row)).fetchone()
        return (int(found[0]), float(found[1])) if found else (0, 0.0)

    async def forget(self, older_than: timedelta = timedelta(days=2)) -> None:
        """Drop windows that are over."""
        async with self._db.unit_of_work() as tx:
            await tx.execute(delete(RateCounter).where(col(RateCounter.window_start) < func.now() - older_than))
