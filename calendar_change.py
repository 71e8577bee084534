"""Imports the working days of a year: says first which open clocks that moves, then moves them, with an audit row."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from domain.acts import ActKind, Actor
from domain.calendar import WorkCalendar, import_year, seed_calendar, with_year
from domain.periods import due
from domain.process import Role
from domain.rules import RuleBook, pack_paths
from domain.state import ClockStatus, Stop
from domain.zone import CHINA
from settings import Settings
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor, NewSubmission
from store.keys import Keyring
from store.queries.calendar import Move, OpenClock, clocks_that_would_move, import_calendar, load_calendar
from store.trail import Entry, record
from workflows.verbs import CALENDAR

PROVINCE = "22"


async def plan(settings: Settings, text: str) -> list[str]:
    """The open clocks that the year in ``text`` (CSV) would move, a line each. Raises BadYear with every fault."""
    db = Database.connect(settings.database_url)
    try:
        _, moves = await _moves(db, settings, text)
    finally:
        await db.close()
    return [f"{m.clock.number} {m.clock.id}: {_day(m.clock.due_at)} -> {_day(m.due_at)}" for m in moves]


async def carry_out(settings: Settings, text: str, by: UUID | None = None) -> None:
    """Put the year in force and ask every case with a clock that moves to time itself again.

    Raises BadYear; CalendarRefused when another import came first. Running it twice imports a second version.
    """
    db = Database.connect(settings.database_url)
    try:
        calendar, moves = await _moves(db, settings, text)
        async with db.unit_of_work() as tx:
            await import_calendar(tx, calendar, source="import", by=by)
            await record(tx, Entry("calendar.import", "calendar", calendar.version))
        door = FrontDoor(db, FieldCipher(Keyring.load(settings.keys)))
        system = Actor("", Role.SYSTEM, PROVINCE)
        for case_id in dict.fromkeys(move.clock.case_id for move in moves):
            key = f"calendar {calendar.version} {case_id}"
            act = NewSubmission(
                case_id=case_id,
                kind=ActKind.RETIME,
                actor=system,
                codes={CALENDAR: calendar.version},
                idempotency_key=key,
            )
            await door.submit(act)
    finally:
        await db.close()


async def _moves(db: Database, settings: Settings, text: str) -> tuple[WorkCalendar, list[Move]]:
    rows = import_year(text)
    book = RuleBook.load(pack_paths(settings.rules))
    async with db.read() as tx:
        calendar = with_year(await load_calendar(tx) or seed_calendar(), rows)
        return calendar, await clocks_that_would_move(tx, _due_under(calendar, book))


def _due_under(calendar: WorkCalendar, book: RuleBook) -> Callable[[OpenClock], datetime | None]:
    def new_due(clock: OpenClock) -> datetime | None:
        if clock.status != ClockStatus.RUNNING:
            return None
        stops = [Stop(_instant(s["since"]), s["reason"], _instant(s["until"])) for s in clock.stops if s.get("until")]
        return due(book.get(clock.rule), clock.start_at, calendar, stops, clock.extensions).at

    return new_due


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"
