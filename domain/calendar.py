"""Working days of China: weekday or weekend, public holidays 法定节假日 and make-up workdays 调休上班日.

Only exceptional days are listed: holidays (also those that fall on a weekend) and make-up workdays. The State Council
arranges each year by notice, so nothing here is computed ahead: past ``known_through`` an answer is the statutory guess
and provisional (放假办法 2, 3, 7). A new year comes in as CSV, checked before anything moves.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from domain.words import N_

ONE_DAY = timedelta(days=1)
SEED = Path(__file__).parent / "data" / "work_day.csv"

HEADER = ("day", "is_workday", "name")
_MUST_REST = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_SATURDAY = 5
_FIXED_HOLIDAYS = {
    (1, 1): N_("元旦"),
    (5, 1): N_("劳动节"),
    (5, 2): N_("劳动节"),
    (10, 1): N_("国庆节"),
    (10, 2): N_("国庆节"),
    (10, 3): N_("国庆节"),
}


class DayKind(StrEnum):
    """Whether offices work. A make-up workday is a workday, a shifted day off a rest day."""

    WORKDAY = "workday"
    RESTDAY = "restday"


@dataclass(frozen=True, slots=True)
class Day:
    """An exceptional day: its kind and its Chinese name (the holiday, or 调休上班)."""

    kind: DayKind
    name: str


def is_weekend(day: date) -> bool:
    """Whether the day is a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The exceptional days, the span in which they are complete, and the version clocks record.

    ``known_from`` and ``known_through`` are the first and last day the table answers for.
    """

    days: Mapping[date, Day]
    known_through: date
    version: str
    known_from: date = date(2004, 1, 1)

    def is_provisional(self, day: date) -> bool:
        """Whether the answer for this day is a guess."""
        return not self.known_from <= day <= self.known_through

    def day(self, day: date) -> Day:
        """What kind of day it is, with the name of an exceptional one (empty otherwise)."""
        if not self.is_provisional(day):
            named = self.days.get(day)
        else:
            name = _FIXED_HOLIDAYS.get((day.month, day.day))
            named = Day(DayKind.RESTDAY, name) if name else None
        return named or Day(DayKind.RESTDAY if is_weekend(day) else DayKind.WORKDAY, "")

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        return self.day(day).kind is DayKind.WORKDAY

    def roll(self, day: date) -> date:
        """The day itself when it is a workday, else the first workday after it (民法典 203)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The ``count``-th workday after ``day``, which is itself not counted."""
        for _ in range(count):
            day = self.roll(day + ONE_DAY)
        return day

    def workdays_after(self, day: date, last: date) -> int:
        """How many workdays lie after ``day`` up to and including ``last``."""
        return sum(self.is_workday(day + ONE_DAY * n) for n in range(1, (last - day).days + 1))


class BadYear(ValueError):
    """A table of days that must not be used: every fault in words, with its line where it has one."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class YearRow:
    """One exceptional day as written."""

    day: date
    is_workday: bool
    name: str

    @property
    def exceptional(self) -> Day:
        """The day as the calendar holds it."""
        return Day(DayKind.WORKDAY if self.is_workday else DayKind.RESTDAY, self.name)


@cache
def seed_calendar() -> WorkCalendar:
    """The committed table: every day of 2004 to the year of its last notice."""
    rows = parse_rows(SEED.read_text(encoding="utf-8"))
    last = max(row.day.year for row in rows)
    return WorkCalendar({row.day: row.exceptional for row in rows}, date(last, 12, 31), f"{last}.1")


def parse_rows(text: str) -> list[YearRow]:
    """The rows of ``day,is_workday,name`` (header first, 1 or 0 for is_workday), sorted; raises BadYear."""
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not lines or tuple(lines[0]) != HEADER:
        raise BadYear([f"the first line must be {','.join(HEADER)}"])
    rows: list[YearRow] = []
    faults: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        try:
            rows.append(_row(line))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    seen: set[date] = set()
    for row in rows:
        if row.day in seen:
            faults.append(f"{row.day} stands twice")
        seen.add(row.day)
        if row.is_workday and not is_weekend(row.day):
            faults.append(f"{row.day} is a workday anyway: only weekends can be make-up workdays")
    if faults:
        raise BadYear(faults)
    return sorted(rows, key=lambda row: row.day)


def import_year(text: str) -> list[YearRow]:
    """The rows of one new year; raises BadYear when they are not one whole, sane year."""
    rows = parse_rows(text)
    faults = list(_year_faults(rows))
    if faults:
        raise BadYear(faults)
    return rows


def with_year(calendar: WorkCalendar, rows: Iterable[YearRow]) -> WorkCalendar:
    """The calendar with one year added or replaced, under a new version; raises BadYear when years would be skipped.

    The version is ``year.revision``: 2027.1 when 2027 becomes known, 2027.2 when a known year is corrected after that.
    """
    fresh = {row.day: row.exceptional for row in rows}
    years = {day.year for day in fresh}
    last = calendar.known_through.year
    if len(years) != 1:
        raise BadYear(["rows must be of one year"])
    (year,) = years
    if not calendar.known_from.year <= year <= last + 1:
        raise BadYear([f"{year} does not follow {last}, the last known year"])
    kept = {day: entry for day, entry in calendar.days.items() if day.year != year}
    revision = 1 if year > last else int(calendar.version.rpartition(".")[2]) + 1
    last = max(last, year)
    return replace(calendar, days={**kept, **fresh}, known_through=date(last, 12, 31), version=f"{last}.{revision}")


def rows_text(rows: Iterable[YearRow]) -> str:
    """The rows in the form ``parse_rows`` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((row.day.isoformat(), int(row.is_workday), row.name) for row in rows)
    return out.getvalue()


def _row(line: list[str]) -> YearRow:
    if len(line) != len(HEADER):
        raise ValueError(f"has {len(line)} values instead of {len(HEADER)}")
    day, is_workday, name = (part.strip() for part in line)
    if is_workday not in {"0", "1"}:
        raise ValueError(f"is_workday is {is_workday!r}, neither 0 nor 1")
    if not name:
        raise ValueError("name is empty")
    return YearRow(date.fromisoformat(day), is_workday == "1", name)


def _year_faults(rows: list[YearRow]) -> Iterator[str]:
    years = sorted({row.day.year for row in rows})
    if len(years) != 1:
        yield f"rows must be of one year, these are of {years or 'none'}"
        return
    rest = {(row.day.month, row.day.day) for row in rows if not row.is_workday}
    for month, day in _MUST_REST:
        if (month, day) not in rest:
            yield f"{date(years[0], month, day)} is a holiday by statute and is missing"
