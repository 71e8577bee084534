"""The working-day calendar of the worker: read from SQL, and read again after an import."""

import asyncio
import contextlib

import structlog

from domain.calendar import WorkCalendar, seed_calendar
from store.database import Database
from store.errors import StoreError
from store.queries.calendar import load_calendar

log = structlog.get_logger()
EVERY_SECONDS = 30.0


class CalendarWatch:
    """Holds the calendar that clocks are computed with. Until the first reading it is the seed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._calendar = seed_calendar()

    def current(self) -> WorkCalendar:
        """The calendar as last read."""
        return self._calendar

    async def refresh(self) -> None:
        """Read it again; a database that is away leaves the last one in force."""
        try:
            async with self._db.read() as tx:
                calendar = await load_calendar(tx)
        except StoreError as fault:
            log.warning("calendar.database_away", error=type(fault).__name__)
            return
        if calendar is not None and calendar.version != self._calendar.version:
            log.info("calendar.read", version=calendar.version, known_through=str(calendar.known_through))
            self._calendar = calendar

    async def run(self, stop: asyncio.Event) -> None:
        """Keep it fresh until ``stop`` is set."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            await self.refresh()
