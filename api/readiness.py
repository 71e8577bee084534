"""Whether everything this process leans on answers: each dependency by name, asked at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.service import RPCError

from api.services import Backend
from api.session import china_today
from store.canary import verify_keys
from store.errors import StoreError
from store.migrate import check as check_migrations

PATIENCE = timedelta(seconds=3)
LATE_SECONDS = 600
"""A hand-over that has waited longer means that the relay does not keep up or does not run."""

CALENDAR_WARNING_DAYS = 60

Found = dict[str, Any]


class NotReady(Exception):
    """A dependency does not answer as it should; the text is one English line without personal data."""

    def __init__(self, reason: str, **found: object) -> None:
        super().__init__(reason)
        self.found = found


@dataclass(slots=True)
class Readiness:
    """Asks the dependencies. What cannot change under a running process is asked until it was right once."""

    backend: Backend
    _settled: set[str] = field(default_factory=set)

    async def ask(self) -> tuple[bool, dict[str, Found]]:
        """Whether all are well, and how each is."""
        checks: dict[str, Callable[[], Awaitable[Found]]] = {
            "database": self._database,
            "migrations": self._migrations,
            "keys": self._keys,
            "temporal": self._temporal,
            "outbox": self._outbox,
            "rules": self._rules,
            "calendar": self._calendar,
        }
        found = await asyncio.gather(*(self._one(name, check) for name, check in checks.items()))
        answers = dict(zip(checks, found, strict=True))
        return all(answer["ok"] for answer in found), answers

    async def _one(self, name: str, check: Callable[[], Awaitable[Found]]) -> Found:
        if name in self._settled:
            return {"ok": True}
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return {"ok": True} | await check()
        except NotReady as fault:
            return {"ok": False, "reason": str(fault)} | fault.found
        except TimeoutError:
            return {"ok": False, "reason": "no answer in time"}
        except (StoreError, RPCError, RuntimeError, OSError) as fault:
            return {"ok": False, "reason": type(fault).__name__}

    async def _database(self) -> Found:
        await self.backend.db.ping()
        return {}

    async def _migrations(self) -> Found:
        faults = await asyncio.to_thread(check_migrations, self.backend.settings.database_url)
        if faults:
            raise NotReady(faults[0])
        self._settled.add("migrations")
        return {}

    async def _keys(self) -> Found:
        await verify_keys(self.backend.db, self.backend.cipher)
        self._settled.add("keys")
        return {}

    async def _temporal(self) -> Found:
        if not await self.backend.client.service_client.check_health(timeout=PATIENCE):
            raise NotReady("the server says that it does not serve")
        return {}

    async def _outbox(self) -> Found:
        backlog = await self.backend.outbox.backlog()
        age = int((datetime.now(UTC) - backlog.oldest_at).total_seconds()) if backlog.oldest_at else 0
        found = {"waiting": backlog.waiting, "oldest_seconds": max(age, 0), "struck": backlog.struck}
        if age > LATE_SECONDS:
            raise NotReady("hand-overs wait too long: is a worker running?", **found)
        return found

    async def _rules(self) -> Found:
        return {"packs": list(self.backend.settings.rules), "rules": len(self.backend.book.all())}

    async def _calendar(self) -> Found:
        calendar = self.backend.calendar()
        days = (calendar.known_through - china_today()).days
        found: Found = {"known_through": calendar.known_through.isoformat(), "days_left": days}
        return found | ({"warning": "import the next year"} if days < CALENDAR_WARNING_DAYS else {})
