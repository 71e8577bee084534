"""Counting legal time (民法典 200-203): when a period ends, and when people are told before and after it.

The day of the start is not counted. Hours run day and night from the moment and never roll; those of courts and the
police run from the next full hour. Months end on the corresponding day, or on the last of the month. A period in days
ends at 24:00 Asia/Shanghai of its last day, which rolls off rest days; that end is given as the first instant of the
next day, exclusive. A wait 满 ends as a limit 内 does and the act is allowed from the next day. A stop keeps the
remaining time: what was left when it began is left when it ends.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from domain.calendar import ONE_DAY, WorkCalendar
from domain.durations import duration_text, parse_duration
from domain.rule import HOLDER, Kind, Quiet, Rule, Unit
from domain.state import Rung, Stop
from domain.zone import CHINA


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period.

    ``at``: the first instant that is too late (limit) or allowed (wait), aware UTC; None while the law stops the clock.
    ``last_day``: the last day of a period in days or months. ``earliest_day``: of a wait in days, the day from which
    the act is allowed. ``provisional``: it rests on days whose notice is not out yet. ``remaining``: while stopped,
    what is left in the form of ``Rule.length`` (for months a count of days).
    """

    at: datetime | None
    last_day: date | None = None
    earliest_day: date | None = None
    provisional: bool = False
    remaining: str = ""


@dataclass(slots=True)
class Schedule:
    """What a clock is set to. ``due_at`` is None and ``rungs`` empty while the law stops it.

    ``rule`` is a ``Rule.ref``; ``kind`` a ``Kind`` value. Rungs are in order of time; their keys stay the same when the
    clock is computed again. None of them is marked as sent: the caller knows what was.
    """

    rule: str
    kind: str
    statutory: bool
    due_at: datetime | None
    provisional: bool
    calendar_version: str
    last_day: date | None = None
    earliest_day: date | None = None
    remaining: str = ""
    extendable: int = 0
    stop_reasons: list[str] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)


def local_day(instant: datetime) -> date:
    """The day in Asia/Shanghai on which an aware instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return instant.astimezone(CHINA).date()


def end_of_day(day: date) -> datetime:
    """24:00 Asia/Shanghai of a day, in UTC."""
    following = day + ONE_DAY
    return datetime(following.year, following.month, following.day, tzinfo=CHINA).astimezone(UTC)


def add_months(day: date, count: int) -> date:
    """The corresponding day ``count`` months later, or the last of that month (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(rule: Rule, start: datetime, calendar: WorkCalendar, stops: Sequence[Stop] = (), extensions: int = 0) -> Due:
    """When the period of an armed rule that started at ``start`` (aware) ends.

    ``stops``: the intervals in which the law stopped it; one that began when the period was already over counts for
    nothing. ``extensions``: how many were granted. Raises ValueError for a rule without a number and for a naive
    instant.
    """
    if not rule.armed:
        raise ValueError(f"{rule.ref} has no number: no clock runs")
    day = local_day(start)
    ordered = _joined(stops)
    if rule.unit is Unit.ELAPSED:
        return _due_elapsed(rule, start, ordered, extensions)
    return _due_in_days(rule, day, calendar, ordered, extensions)


def schedule(  # noqa: PLR0917 - the arguments of ``due`` and two more
    rule: Rule,
    start: datetime,
    calendar: WorkCalendar,
    stops: Sequence[Stop] = (),
    extensions: int = 0,
    quiet: Quiet | None = None,
    colour: str = "",
) -> Schedule:
    """The due instant of a clock with its reminders and its breach ladder; arguments as in ``due``.

    ``quiet``: hours in which reminders of a case whose ``colour`` is not exempt wait.
    """
    end = due(rule, start, calendar, stops, extensions)
    rungs = [] if end.at is None else [*_reminders(rule, start, end.at, quiet, colour), *_ladder(rule, end.at)]
    return Schedule(
        rule=rule.ref,
        kind=str(rule.kind),
        statutory=rule.statutory,
        due_at=end.at,
        provisional=end.provisional,
        calendar_version=calendar.version,
        last_day=end.last_day,
        earliest_day=end.earliest_day,
        remaining=end.remaining,
        extendable=rule.extensions,
        stop_reasons=list(rule.stops),
        rungs=rungs,
    )


def _due_elapsed(rule: Rule, start: datetime, stops: Sequence[Stop], extensions: int) -> Due:
    began = start.astimezone(UTC)
    if rule.from_next_hour:
        began = began.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = began + rule.elapsed
    if extensions:
        end += parse_duration(rule.extension) * extensions
    for stop in stops:
        since = max(stop.since, start)
        if since >= end:
            break
        if stop.until is None:
            return Due(None, remaining=duration_text(end - since))
        end += max(stop.until - since, timedelta())
    return Due(end)


def _due_in_days(rule: Rule, day: date, calendar: WorkCalendar, stops: Sequence[Stop], extensions: int) -> Due:
    count = rule.count + int(rule.extension or 0) * extensions
    last = _counted(rule.unit, day, count, calendar)
    for stop in stops:
        final = calendar.roll(last) if rule.rolls else last
        since = max(local_day(stop.since), day)
        if stop.since >= end_of_day(final):
            break
        # A stop that begins in the days won by rolling takes the rolled day as the last one.
        left = _left(rule.unit, since, last if since <= last else final, calendar)
        if stop.until is None:
            return Due(None, remaining=str(left), provisional=_guessed(rule, final, calendar))
        last = _resumed(rule.unit, max(local_day(stop.until), since), left, calendar)
    final = calendar.roll(last) if rule.rolls else last
    earliest = final + ONE_DAY if rule.kind is Kind.WAIT else None
    return Due(end_of_day(final), final, earliest, _guessed(rule, final, calendar))


def _counted(unit: Unit, day: date, count: int, calendar: WorkCalendar) -> date:
    """The last day of a period of ``count`` units that started on ``day``, not rolled."""
    if unit is Unit.MONTHS:
        return add_months(day, count)
    return _resumed(unit, day, count, calendar)


def _resumed(unit: Unit, day: date, left: int, calendar: WorkCalendar) -> date:
    """The last day when ``left`` days are still to run after ``day``; days of a period in months are natural days."""
    return calendar.add_workdays(day, left) if unit is Unit.WORKING_DAYS else day + ONE_DAY * left


def _left(unit: Unit, day: date, last: date, calendar: WorkCalendar) -> int:
    return calendar.workdays_after(day, last) if unit is Unit.WORKING_DAYS else (last - day).days


def _guessed(rule: Rule, last: date, calendar: WorkCalendar) -> bool:
    """Whether the table of days that are not out yet decided where the period ends."""
    return rule.rolls and calendar.is_provisional(last)


def _joined(stops: Sequence[Stop]) -> list[Stop]:
    """The stops in order, those that overlap as one."""
    joined: list[Stop] = []
    for stop in sorted(stops, key=lambda stop: stop.since):
        before = joined[-1] if joined else None
        if before is None or (before.until is not None and before.until < stop.since):
            joined.append(Stop(stop.since, stop.reason, stop.until))
        elif before.until is not None:
            before.until = None if stop.until is None else max(before.until, stop.until)
    return joined


def _reminders(rule: Rule, start: datetime, due_at: datetime, quiet: Quiet | None, colour: str) -> list[Rung]:
    """The reminders to the holder, without those that are not after the start (a chosen day may have earlier ones).

    Quiet hours move a reminder to their end, unless that is not before the due instant: then it keeps its own hour,
    the only time left.
    """
    rungs = []
    for text in rule.reminders:
        at = _reminder_at(text, start.astimezone(UTC), due_at)
        if at <= start and not rule.chosen_day:
            continue
        if quiet is not None and colour not in quiet.exempt_colours:
            moved = _after_quiet(at, quiet)
            at = moved if moved < due_at else at
        rungs.append(Rung(f"remind.{text}", at, HOLDER, breach=False))
    return sorted(rungs, key=lambda rung: rung.at)


def _reminder_at(text: str, start: datetime, due_at: datetime) -> datetime:
    """``50%`` of the span from start to due, stops included; ``-PT30M`` or ``-3d`` before due."""
    if text.endswith("%"):
        return start + (due_at - start) * int(text[:-1]) / 100
    if text.startswith("-P"):
        return due_at - parse_duration(text[1:])
    return (due_at.astimezone(CHINA) - ONE_DAY * int(text[1:-1])).astimezone(UTC)


def _after_quiet(at: datetime, quiet: Quiet) -> datetime:
    """The instant itself, or the end of the quiet span it falls in."""
    local = at.astimezone(CHINA)
    hour = local.time()
    overnight = quiet.starts > quiet.ends
    late = hour >= quiet.starts
    early = hour < quiet.ends
    if not ((late or early) if overnight else (late and early)):
        return at
    day = local.date() + ONE_DAY if overnight and late else local.date()
    return datetime.combine(day, quiet.ends, CHINA).astimezone(UTC)


def _ladder(rule: Rule, due_at: datetime) -> list[Rung]:
    """The rungs after a limit was missed, at whatever hour. A wait cannot be missed."""
    if rule.kind is Kind.WAIT:
        return []
    return [
        Rung(f"breach.{step.after}.{step.to}", due_at + parse_duration(step.after), step.to, breach=True)
        for step in rule.ladder
    ]
