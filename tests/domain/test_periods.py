"""Counting legal time: every worked example of the reference, and an independent day-by-day count."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.calendar import WorkCalendar, seed_calendar
from domain.periods import add_months, due, end_of_day, local_day
from domain.rule import Kind, Unit
from domain.state import Stop
from tests.domain.oracle import cst, last_day, midnight_after, minute_after, months_later, rule

CALENDAR = seed_calendar()
NO_HOLIDAYS = WorkCalendar({}, date(2200, 12, 31), "bare", date(1900, 1, 1))

DAYS = st.dates(date(2004, 1, 1), date(2026, 3, 31))
INSTANTS = st.datetimes(datetime(2004, 1, 1), datetime(2026, 3, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.timezones()
UNITS = st.sampled_from([Unit.NATURAL_DAYS, Unit.WORKING_DAYS])
COUNTS = st.integers(1, 60)


def noon(day: date) -> datetime:
    return cst(day.year, day.month, day.day, 12)


def stop(since: date, until: date | None) -> Stop:
    return Stop(noon(since), "appraisal", noon(until) if until else None)


# The worked examples.


@pytest.mark.parametrize(
    ("unit", "count", "start", "last"),
    [
        (Unit.WORKING_DAYS, 15, date(2020, 4, 20), date(2020, 5, 12)),
        (Unit.WORKING_DAYS, 15, date(2020, 6, 15), date(2020, 7, 7)),
        (Unit.MONTHS, 12, date(2024, 2, 29), date(2025, 2, 28)),
        (Unit.WORKING_DAYS, 1, date(2026, 2, 13), date(2026, 2, 14)),
        (Unit.WORKING_DAYS, 7, date(2026, 9, 28), date(2026, 10, 13)),
        (Unit.MONTHS, 1, date(2023, 1, 31), date(2023, 2, 28)),
        (Unit.MONTHS, 1, date(2024, 1, 31), date(2024, 2, 29)),
        (Unit.MONTHS, 48, date(2020, 2, 29), date(2024, 2, 29)),
        (Unit.MONTHS, 6, date(2023, 8, 30), date(2024, 2, 29)),
        (Unit.MONTHS, 1, date(2023, 2, 28), date(2023, 3, 28)),
        (Unit.MONTHS, 1, date(2024, 11, 30), date(2024, 12, 30)),
        (Unit.NATURAL_DAYS, 30, date(2023, 1, 31), date(2023, 3, 2)),
        (Unit.NATURAL_DAYS, 1, date(2024, 2, 28), date(2024, 2, 29)),
    ],
)
def test_worked_examples(unit: Unit, count: int, start: date, last: date) -> None:
    end = due(rule(unit, str(count)), noon(start), CALENDAR)
    assert (end.last_day, end.at) == (last, midnight_after(last))
    assert end.earliest_day is None
    assert not end.provisional


def test_sixty_full_days_from_a_notice_allow_the_act_the_day_after_the_rolled_last_day() -> None:
    end = due(rule(Unit.NATURAL_DAYS, "60", kind=Kind.WAIT), cst(2020, 3, 2), CALENDAR)
    assert (end.last_day, end.earliest_day) == (date(2020, 5, 6), date(2020, 5, 7))
    assert end.at == cst(2020, 5, 7, 0)


def test_a_wait_that_does_not_roll_ends_on_its_last_day() -> None:
    end = due(rule(Unit.MONTHS, "6", kind=Kind.WAIT, rolls=False), cst(2025, 4, 5), CALENDAR)
    assert (end.last_day, end.earliest_day) == (date(2025, 10, 5), date(2025, 10, 6))


def test_hours_never_roll() -> None:
    friday_evening = cst(2026, 3, 6, 17, 30)
    assert due(rule(Unit.ELAPSED, "PT24H"), friday_evening, CALENDAR).at == cst(2026, 3, 7, 17, 30)


def test_hours_of_a_court_run_from_the_next_full_hour() -> None:
    order = rule(Unit.ELAPSED, "PT72H", from_next_hour=True)
    assert due(order, cst(2026, 3, 6, 17, 30), CALENDAR).at == cst(2026, 3, 9, 18)
    assert due(order, cst(2026, 3, 6, 17), CALENDAR).at == cst(2026, 3, 9, 18)


def test_a_test_pack_may_count_in_seconds() -> None:
    start = datetime(2026, 3, 6, 1, 2, 3, tzinfo=UTC)
    assert due(rule(Unit.ELAPSED, "PT1.5S"), start, CALENDAR).at == start + timedelta(seconds=1.5)


def test_the_day_is_the_one_in_china() -> None:
    just_past_midnight = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    assert due(rule(Unit.WORKING_DAYS, "1"), just_past_midnight, CALENDAR).last_day == date(2026, 3, 9)
    just_before = just_past_midnight - timedelta(seconds=1)
    assert due(rule(Unit.WORKING_DAYS, "1"), just_before, CALENDAR).last_day == date(2026, 3, 6)


def test_a_chosen_day_ends_with_itself() -> None:
    saturday = cst(2026, 3, 7, 0)
    assert due(rule(Unit.NATURAL_DAYS, "0", rolls=False), saturday, CALENDAR).at == cst(2026, 3, 8, 0)
    assert due(rule(Unit.NATURAL_DAYS, "0"), saturday, CALENDAR).at == cst(2026, 3, 10, 0)


def test_summer_time_of_1986_to_1991_moves_the_end_of_the_day() -> None:
    end = due(rule(Unit.NATURAL_DAYS, "1", rolls=False), datetime(1988, 6, 1, 4, tzinfo=UTC), NO_HOLIDAYS)
    assert end.at == datetime(1988, 6, 2, 15, tzinfo=UTC)
    hours = due(rule(Unit.ELAPSED, "PT24H"), datetime(1988, 4, 16, 4, tzinfo=UTC), NO_HOLIDAYS)
    assert hours.at == datetime(1988, 4, 17, 4, tzinfo=UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(rule(), datetime(2026, 3, 6), CALENDAR)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        due(rule(Unit.ELAPSED, "PT2H"), datetime(2026, 3, 6), CALENDAR)  # noqa: DTZ001


def test_a_rule_without_a_number_has_no_end() -> None:
    with pytest.raises(ValueError, match="no number"):
        due(rule(Unit.NONE, "", rolls=False), cst(2026, 3, 6), CALENDAR)


# Beyond the last notice.


@pytest.mark.parametrize(
    ("unit", "length", "rolls", "provisional"),
    [
        (Unit.WORKING_DAYS, "8", True, False),
        (Unit.WORKING_DAYS, "9", True, True),
        (Unit.NATURAL_DAYS, "30", True, True),
        (Unit.NATURAL_DAYS, "30", False, False),
        (Unit.MONTHS, "3", True, True),
        (Unit.ELAPSED, "P30D", False, False),
    ],
)
def test_an_end_that_rests_on_unknown_days_is_provisional(
    unit: Unit, length: str, rolls: bool, provisional: bool
) -> None:
    assert due(rule(unit, length, rolls=rolls), cst(2026, 12, 21), CALENDAR).provisional is provisional


# Stops and extensions.


def test_a_sixty_day_notice_on_day_ten_of_thirty_moves_the_end_to_day_ninety() -> None:
    start, review = date(2023, 3, 1), rule(rolls=False)

    def day(n: int) -> date:
        return start + timedelta(days=n)

    assert due(review, noon(start), CALENDAR, [stop(day(10), day(70))]).last_day == day(90)
    assert due(review, noon(start), CALENDAR, [stop(day(10), day(40))]).last_day == day(60)
    assert due(review, noon(start), CALENDAR, [stop(day(10), day(20)), stop(day(25), day(30))]).last_day == day(45)


def test_while_stopped_there_is_no_end_but_a_remainder() -> None:
    start = date(2023, 3, 1)
    end = due(rule(), noon(start), CALENDAR, [stop(start + timedelta(days=10), None)])
    assert (end.at, end.last_day, end.remaining) == (None, None, "20")
    hours = due(rule(Unit.ELAPSED, "PT24H"), cst(2026, 3, 6, 8), CALENDAR, [Stop(cst(2026, 3, 6, 9, 30), "a")])
    assert (hours.at, hours.remaining) == (None, "PT22H30M")
    working = due(rule(Unit.WORKING_DAYS, "5"), cst(2026, 3, 6), CALENDAR, [stop(date(2026, 3, 9), None)])
    assert working.remaining == "4"


def test_elapsed_time_goes_on_with_what_was_left() -> None:
    stops = [Stop(cst(2026, 3, 6, 9), "a", cst(2026, 3, 6, 12)), Stop(cst(2026, 3, 6, 11), "a", cst(2026, 3, 6, 13))]
    assert due(rule(Unit.ELAPSED, "PT2H"), cst(2026, 3, 6, 8), CALENDAR, stops).at == cst(2026, 3, 6, 14)


def test_a_stop_that_began_too_late_counts_for_nothing() -> None:
    late = Stop(cst(2026, 3, 6, 10), "a", cst(2026, 3, 7, 10))
    assert due(rule(Unit.ELAPSED, "PT2H"), cst(2026, 3, 6, 8), CALENDAR, [late]).at == cst(2026, 3, 6, 10)
    after_the_end = stop(date(2026, 3, 10), None)
    assert due(rule(Unit.WORKING_DAYS, "1"), cst(2026, 3, 6), CALENDAR, [after_the_end]).last_day == date(2026, 3, 9)


def test_a_stop_on_the_last_day_leaves_the_rest_of_the_day_it_ends_on() -> None:
    end = due(rule(length="5", rolls=False), cst(2023, 3, 1), CALENDAR, [stop(date(2023, 3, 6), date(2023, 3, 16))])
    assert end.last_day == date(2023, 3, 16)


def test_a_stop_in_the_days_won_by_rolling_keeps_them() -> None:
    # The fifth day is Saturday 2023-03-11, rolled to Monday 13; stopped on Sunday, one day is left.
    end = due(rule(length="5"), cst(2023, 3, 6), CALENDAR, [stop(date(2023, 3, 12), date(2023, 3, 15))])
    assert end.last_day == date(2023, 3, 16)


def test_a_stop_before_the_start_counts_from_the_start() -> None:
    end = due(rule(length="5", rolls=False), cst(2023, 3, 6), CALENDAR, [stop(date(2023, 3, 1), date(2023, 3, 8))])
    assert end.last_day == date(2023, 3, 13)
    over = due(rule(length="5", rolls=False), cst(2023, 3, 6), CALENDAR, [stop(date(2023, 3, 1), date(2023, 3, 3))])
    assert over.last_day == date(2023, 3, 11)


def test_an_extension_lengthens_the_period_before_it_rolls() -> None:
    assessment = rule(length="30", extension="30")
    # 60 days end on Sunday 2023-04-30, in the holiday of 29 April to 3 May; 30 days on Friday 2023-03-31.
    assert due(assessment, cst(2023, 3, 1), CALENDAR).last_day == date(2023, 3, 31)
    assert due(assessment, cst(2023, 3, 1), CALENDAR, extensions=1).last_day == date(2023, 5, 4)
    hours = rule(Unit.ELAPSED, "PT24H", extension="PT12H")
    assert due(hours, cst(2026, 3, 6), CALENDAR, extensions=1).at == cst(2026, 3, 7, 21)


# Against the independent count.


@given(UNITS, COUNTS, DAYS, st.booleans())
@example(Unit.NATURAL_DAYS, 60, date(2020, 3, 2), True)
def test_days_agree_with_the_count_day_by_day(unit: Unit, count: int, start: date, rolls: bool) -> None:
    rolls = rolls or unit is Unit.WORKING_DAYS
    end = due(rule(unit, str(count), rolls=rolls), noon(start), CALENDAR)
    working = unit is Unit.WORKING_DAYS
    assert end.last_day == last_day(start, count, [], CALENDAR.is_workday, working=working, rolls=rolls)
    assert end.at == midnight_after(end.last_day)


@given(UNITS, COUNTS, DAYS, st.lists(st.tuples(st.integers(0, 70), st.integers(0, 40)), max_size=3), st.booleans())
def test_stopped_days_agree_with_the_count_day_by_day(
    unit: Unit, count: int, start: date, offsets: list[tuple[int, int]], rolls: bool
) -> None:
    rolls, working = rolls or unit is Unit.WORKING_DAYS, unit is Unit.WORKING_DAYS
    spans = [(start + timedelta(days=o), start + timedelta(days=o + n)) for o, n in offsets]
    straight = last_day(start, count, spans, CALENDAR.is_workday, working=working, rolls=False)
    # Days won by rolling are kept by another rule, with an example of its own above.
    assume(not rolls or all(since <= straight for since, _ in spans))
    expected = last_day(start, count, spans, CALENDAR.is_workday, working=working, rolls=rolls)
    stops = [stop(since, until) for since, until in spans]
    assert due(rule(unit, str(count), rolls=rolls), noon(start), CALENDAR, stops).last_day == expected


@given(st.integers(1, 300), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 120)), max_size=3))
def test_elapsed_time_agrees_with_the_count_minute_by_minute(minutes: int, offsets: list[tuple[int, int]]) -> None:
    start = cst(2026, 3, 6)
    spans = [(since, since + length) for since, length in offsets]
    stops = [Stop(start + timedelta(minutes=a), "a", start + timedelta(minutes=b)) for a, b in spans]
    end = due(rule(Unit.ELAPSED, f"PT{minutes}M"), start, CALENDAR, stops)
    assert end.at == start + timedelta(minutes=minute_after(minutes, spans))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_agree_with_the_count_day_by_day(start: date, count: int) -> None:
    assert add_months(start, count) == months_later(start, count)


@given(UNITS, COUNTS, DAYS, st.integers(1, 40), st.integers(0, 59))
def test_a_stop_of_n_days_is_n_days_more(unit: Unit, count: int, start: date, stopped: int, offset: int) -> None:
    assume(offset < count)
    period = rule(unit, str(count), rolls=unit is Unit.WORKING_DAYS)
    plain = due(period, noon(start), CALENDAR).last_day
    since = start + timedelta(days=offset)
    until = since + timedelta(days=stopped)
    moved = due(period, noon(start), CALENDAR, [stop(since, until)]).last_day
    assert plain is not None
    if unit is Unit.NATURAL_DAYS:
        assert moved == plain + timedelta(days=stopped)
    else:
        assert moved == CALENDAR.add_workdays(plain, CALENDAR.workdays_after(since, until))


@given(UNITS, COUNTS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_who_starts_later_is_never_due_earlier(unit: Unit, count: int, start: datetime, later: timedelta) -> None:
    first, second = (due(rule(unit, str(count)), at, CALENDAR).at for at in (start, start + later))
    assert first is not None
    assert second is not None
    assert first <= second


@given(st.sampled_from([Unit.NATURAL_DAYS, Unit.WORKING_DAYS, Unit.MONTHS]), st.integers(1, 9), INSTANTS)
def test_a_period_that_rolls_ends_on_a_workday_after_its_start(unit: Unit, count: int, start: datetime) -> None:
    end = due(rule(unit, str(count)), start, CALENDAR)
    assert end.last_day is not None
    assert CALENDAR.is_workday(end.last_day)
    assert end.last_day > local_day(start)
    assert end.at == end_of_day(end.last_day)


@given(UNITS, COUNTS, INSTANTS, ZONES)
def test_the_zone_an_instant_is_written_in_makes_no_difference(
    unit: Unit, count: int, start: datetime, zone: ZoneInfo
) -> None:
    period = rule(unit, str(count))
    assert due(period, start.astimezone(zone), CALENDAR) == due(period, start, CALENDAR)
    hours = rule(Unit.ELAPSED, f"PT{count}H", from_next_hour=True)
    assert due(hours, start.astimezone(zone), CALENDAR) == due(hours, start, CALENDAR)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_makes_no_difference(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert due(rule(Unit.WORKING_DAYS, "1"), cst(2026, 2, 13, 23, 59), CALENDAR).at == cst(2026, 2, 15, 0)
    finally:
        monkeypatch.undo()
        time.tzset()
