"""The working-day calendar in SQL: load it, import a year, and say beforehand which open clocks that would move."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlmodel import col

from domain.calendar import Day, DayKind, WorkCalendar
from store.database import Tx
from store.errors import CalendarRefused
from store.rows import values
from store.tables import CalendarVersion, WorkDay

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('work_calendar', 0))")
_OPEN_CLOCKS = text(
    """
    SELECT k.case_id, c.number, c.process, c.facts, k.id, k.item, w.task, k.rule, k.kind, k.start_at, k.due_at,
           k.stops, k.extensions, k.calendar_version, k.provisional, k.status
    FROM clock k
    JOIN cases c ON c.id = k.case_id
    JOIN work_item w ON w.case_id = k.case_id AND w.id = k.item
    WHERE k.status IN ('running', 'stopped') AND w.status = 'open'
    ORDER BY k.due_at, k.case_id, k.id
    """
)


@dataclass(frozen=True, slots=True)
class OpenClock:
    """A clock that still runs, with all that its due instant is computed from. ``facts``: of its case."""

    case_id: UUID
    number: str
    process: str
    facts: dict[str, str]
    id: str
    item: str
    task: str
    rule: str
    kind: str
    start_at: datetime
    due_at: datetime
    stops: list[dict[str, Any]]
    extensions: int
    calendar_version: str
    provisional: bool
    status: str


@dataclass(frozen=True, slots=True)
class Move:
    """A clock that the new calendar would move, and where to."""

    clock: OpenClock
    due_at: datetime


async def load_calendar(tx: Tx) -> WorkCalendar | None:
    """The calendar in force: every imported day under the latest version; None before the first import."""
    latest = select(col(CalendarVersion.version), col(CalendarVersion.known_through))
    latest = latest.order_by(col(CalendarVersion.imported_at).desc(), col(CalendarVersion.known_through).desc())
    found = (await tx.execute(latest.limit(1))).one_or_none()
    if found is None:
        return None
    rows = await tx.execute(select(col(WorkDay.day), col(WorkDay.is_workday), col(WorkDay.name)))
    days = {row.day: Day(DayKind.WORKDAY if row.is_workday else DayKind.RESTDAY, row.name) for row in rows}
    return WorkCalendar(days, found.known_through, found.version)


async def import_calendar(tx: Tx, calendar: WorkCalendar, source: str, by: UUID | None = None) -> None:
    """Write a checked calendar (``domain.calendar.with_year``) as the one in force.

    Years that did not change keep the version they came with. Raises CalendarRefused when another import came first.
    """
    await tx.execute(_LOCK)
    before = await load_calendar(tx)
    if before and before.version == calendar.version:
        raise CalendarRefused(f"version {calendar.version} is in force already")
    old = before.days if before else {}
    changed = {day.year for day, kind in {*old.items()} ^ {*calendar.days.items()}}
    await tx.execute(
        insert(CalendarVersion).values(
            version=calendar.version,
            known_through=calendar.known_through,
            imported_at=func.clock_timestamp(),
            imported_by=by,
        )
    )
    await tx.execute(delete(WorkDay).where(func.extract("year", col(WorkDay.day)).in_(changed)))
    rows = [
        {
            "day": day,
            "is_workday": entry.kind is DayKind.WORKDAY,
            "name": entry.name,
            "source": source,
            "version": calendar.version,
        }
        for day, entry in calendar.days.items()
        if day.year in changed
    ]
    if rows:
        await tx.execute(insert(WorkDay), rows)


async def clocks_that_would_move(tx: Tx, due: Callable[[OpenClock], datetime | None]) -> list[Move]:
    """The open clocks for which ``due``, computed with the new calendar, differs from what they have now.

    ``due`` gives None for a clock the calendar does not touch (elapsed hours, natural days without rolling).
    """
    clocks = [OpenClock(**values(row)) for row in await tx.execute(_OPEN_CLOCKS)]
    return [Move(clock, new) for clock in clocks if (new := due(clock)) is not None and new != clock.due_at]
