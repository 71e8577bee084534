"""When the lines of a published timeline happened: one reading of dates, months, spans and phrases for all cases.

Every line is placed as early as its words allow and never before the line above it, so that a limit that is missed
after the report is missed on any reading of the source. A day without a time of day begins at nine.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.zone import CHINA
from tests.cases.published import Happening

MORNING, EVENING = time(9), time(20)
NO_DATES_AT_ALL = datetime(2021, 3, 1, 9, tzinfo=CHINA)

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_TIME = re.compile(r"(?<!\d)(\d{2}):(\d{2})")
_NIGHT = re.compile("[夜晚]")
_AFTER = re.compile("约?([一二两三四五六七八九十])(天|日|周|个月|年)后")
_OFTEN = re.compile("([二两三四五六七八九十])次上门")
_NUMBERS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_DAYS = {"天": 1, "日": 1, "周": 7, "个月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of a timeline and the instant it is taken to have happened at."""

    at: datetime
    what: Happening


def place(timeline: Iterable[Happening]) -> list[Placed]:
    """Every line at its instant, in order; a line that tells of several visits in a span becomes that many."""
    lines = list(timeline)
    last = next((start for line in lines if (start := earliest(line.when))), NO_DATES_AT_ALL)
    placed: list[Placed] = []
    for line in lines:
        for at in _instants(line, last):
            last = max(last, at)
            placed.append(Placed(last, line))
    return placed


def earliest(when: str) -> datetime | None:
    """The first instant that a date, a month, a year or a span allows; None for a mere phrase."""
    found = _DATE.match(when)
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    return datetime.combine(date(year, month, day), _time_of_day(when), CHINA)


def is_day(when: str) -> bool:
    """Whether the words name a day."""
    return bool(re.match(r"\d{4}-\d{2}-\d{2}", when))


def _instants(line: Happening, last: datetime) -> Iterator[datetime]:
    first = earliest(line.when)
    often, until = _OFTEN.search(line.act), line.when.partition("/")[2]
    if first and often and (end := earliest(until)):
        number = _NUMBERS[often.group(1)]
        span = (end - first).days
        yield from (first + timedelta(days=round(span * n / (number - 1))) for n in range(number))
    else:
        yield first or _relative(line.when, last)


def _relative(when: str, last: datetime) -> datetime:
    if when.startswith("次日"):
        return datetime.combine(last.date() + timedelta(days=1), _time_of_day(when), CHINA)
    if later := _AFTER.match(when):
        return last + timedelta(days=_NUMBERS[later.group(1)] * _DAYS[later.group(2)])
    return last


def _time_of_day(when: str) -> time:
    if clock := _TIME.search(when):
        return time(int(clock.group(1)), int(clock.group(2)))
    return EVENING if _NIGHT.search(when) else MORNING
