"""The connection to PostgreSQL: one place that commits, one for snapshots, one for single statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.deadline import deadline, in_store_words
from store.errors import StoreError

Tx = AsyncConnection
"""A transaction of :class:`Database`, passed to every query function."""

Wire = psycopg.AsyncConnection[tuple[Any, ...]]
"""A plain driver connection in autocommit: each statement is its own transaction."""

_DRIVER = "postgresql+psycopg"


def driver_url(url: str) -> str:
    """The same database by the one driver this project uses; raises ValueError for anything but PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must name a PostgreSQL database")
    return parsed.set(drivername=_DRIVER).render_as_string(hide_password=False)


def _libpq_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Database:
    """The pools of one process. ``deadline_seconds`` bounds every transaction from the client's side."""

    def __init__(self, engine: AsyncEngine, wires: AsyncConnectionPool[Wire], deadline_seconds: float) -> None:
        self.engine = engine
        self._wires = wires
        self._deadline_seconds = deadline_seconds

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10, deadline_seconds: float = 4.0) -> Self:
        """Make the pools; connections are opened when first needed.

        ``pool_size``: most connections of each of the two pools; there is no overflow. Whoever waits longer than the
        deadline for one gets :class:`~store.errors.DatabaseUnavailable`.
        """
        milliseconds = int(deadline_seconds * 1000)
        settings: dict[str, Any] = {
            "connect_timeout": max(2, int(deadline_seconds)),
            "application_name": "shouwang",
            "tcp_user_timeout": milliseconds,
            "options": f"-c timezone=UTC -c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
            " -c idle_in_transaction_session_timeout=30000",
        }
        engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=deadline_seconds,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=settings,
        )
        wires: AsyncConnectionPool[Wire] = AsyncConnectionPool(
            _libpq_url(url),
            kwargs={**settings, "autocommit": True},
            min_size=0,
            max_size=pool_size,
            timeout=deadline_seconds,
            open=False,
        )
        return cls(engine, wires, deadline_seconds)

    async def close(self) -> None:
        """Close all connections."""
        await self._wires.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def unit_of_work(self, *, deadline_seconds: float | None = None) -> AsyncIterator[Tx]:
        """The one place that commits: all of it when the block ends, nothing of it when it raises.

        Raises :class:`~store.errors.DatabaseUnavailable` when the server does not answer within the deadline; whether
        a commit that was under way took effect is then unknown, so callers retry by an idempotency key or not at all.
        """
        async with self._transaction({}, deadline_seconds) as tx:
            yield tx

    @asynccontextmanager
    async def read(self, *, deadline_seconds: float | None = None) -> AsyncIterator[Tx]:
        """A read-only snapshot: every query in the block sees the same state; writing in it is refused."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._transaction(options, deadline_seconds) as tx:
            yield tx

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Wire]:
        """A connection for single statements: one round trip each, committed when it has answered."""
        with in_store_words():
            await self._wires.open()
            async with self._wires.connection() as wire:
                try:
                    with deadline(wire, self._deadline_seconds):
                        yield wire
                finally:
                    if wire.closed:  # where one is lost, the idle ones are too: a retry must not meet them
                        await self._wires.drain()

    async def ping(self) -> None:
        """Ask the server for a sign of life; raises :class:`~store.errors.DatabaseUnavailable`."""
        async with self.statement() as wire:
            await wire.execute("SELECT 1")

    @asynccontextmanager
    async def _transaction(self, options: dict[str, Any], seconds: float | None) -> AsyncIterator[Tx]:
        with in_store_words():
            async with self.engine.connect() as tx:
                if options:
                    await tx.execution_options(**options)
                with deadline(await wire_of(tx), seconds or self._deadline_seconds):
                    async with tx.begin():
                        if seconds:
                            await tx.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
                        yield tx


async def wire_of(tx: Tx) -> Wire:
    """The driver's own connection behind a transaction, for a pipeline; it commits with the transaction."""
    wire = (await tx.get_raw_connection()).driver_connection
    if not isinstance(wire, psycopg.AsyncConnection):
        raise StoreError("the engine was not made by Database.connect")
    return wire
