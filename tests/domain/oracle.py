"""A second way to count legal time, written day by day and minute by minute, and makers of rules for the tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from domain.rule import Basis, Kind, LadderStep, Rule, Unit

DAY = timedelta(days=1)
Span = tuple[date, date]


def rule(
    unit: Unit = Unit.NATURAL_DAYS,
    length: str = "30",
    *,
    kind: Kind = Kind.LIMIT,
    rolls: bool | None = None,
    extension: str = "",
    reminders: tuple[str, ...] = (),
    ladder: tuple[LadderStep, ...] = (),
    from_next_hour: bool = False,
) -> Rule:
    """A rule of that length; it rolls unless it is elapsed time."""
    return Rule(
        key="T-01",
        process="protection",
        task="accept",
        title="测试时限",
        kind=kind,
        unit=unit,
        length=length,
        word="",
        start="opened",
        when={},
        rolls=unit is not Unit.ELAPSED if rolls is None else rolls,
        stops=("appraisal",),
        extension=extension,
        extensions=1 if extension else 0,
        statutory=False,
        basis=(Basis("本系统内部目标", "D-01", "D"),),
        effective_from=date(2020, 4, 8),
        effective_to=None,
        reminders=reminders,
        ladder=ladder,
        from_next_hour=from_next_hour,
    )


def cst(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A wall-clock instant in China (UTC+8, no summer time), in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def midnight_after(day: date) -> datetime:
    """24:00 of that day in China, in UTC."""
    return cst(day.year, day.month, day.day, 0) + DAY


def last_day(
    start: date, count: int, stops: list[Span], is_workday: Callable[[date], bool], *, working: bool, rolls: bool
) -> date:
    """Walk on day by day: a day counts unless it was stopped; the period ends on a day at whose end the clock runs."""
    day, counted = start, 0
    while True:
        stopped = any(since < day <= until for since, until in stops)
        if day > start and not stopped and (is_workday(day) or not working):
            counted += 1
        at_rest = any(since <= day < until for since, until in stops)
        if counted >= count and not at_rest and (is_workday(day) or not (rolls or working)):
            return day
        day += DAY


def months_later(start: date, count: int) -> date:
    """Walk on day by day to the corresponding day, or to the last day of that month."""
    day = start
    while True:
        months = (day.year - start.year) * 12 + day.month - start.month
        month_ends = (day + DAY).month != day.month
        if months == count and (day.day == start.day or (month_ends and day.day < start.day)):
            return day
        day += DAY


def minute_after(minutes: int, stops: list[tuple[int, int]]) -> int:
    """The minute at which so many minutes have run, counting one by one those outside the stops [since, until)."""
    now = 0
    while minutes:
        minutes -= not any(since <= now < until for since, until in stops)
        now += 1
    return now
