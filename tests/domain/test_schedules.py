"""When people are told: reminders, quiet hours, the ladder after a breach."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import seed_calendar
from domain.periods import Schedule, schedule
from domain.rule import Kind, LadderStep, Quiet, Rule, Unit
from domain.state import Stop
from tests.domain.oracle import cst, rule

CALENDAR = seed_calendar()
QUIET = Quiet(time(21), time(7), ("red",))
LADDER = (
    LadderStep("PT0S", "holder"),
    LadderStep("PT0S", "county_leader", "county"),
    LadderStep("P1D", "city_officer", "city"),
)


def plan(of: Rule, start: datetime, quiet: Quiet | None = None, colour: str = "yellow") -> Schedule:
    return schedule(of, start, CALENDAR, quiet=quiet, colour=colour)


def times(of: Schedule) -> list[datetime]:
    return [rung.at for rung in of.rungs]


def test_reminders_and_ladder_stand_in_order_of_time() -> None:
    hours = rule(Unit.ELAPSED, "PT24H", reminders=("-PT30M", "50%"), ladder=LADDER)
    start = cst(2026, 3, 6)
    result = plan(hours, start)
    assert [(rung.key, rung.to, rung.breach, rung.at - start) for rung in result.rungs] == [
        ("remind.50%", "holder", False, timedelta(hours=12)),
        ("remind.-PT30M", "holder", False, timedelta(hours=23, minutes=30)),
        ("breach.PT0S.holder", "holder", True, timedelta(hours=24)),
        ("breach.PT0S.county_leader", "county_leader", True, timedelta(hours=24)),
        ("breach.P1D.city_officer", "city_officer", True, timedelta(hours=48)),
    ]
    assert not any(rung.sent for rung in result.rungs)


def test_a_schedule_says_what_it_stands_on() -> None:
    result = plan(rule(length="30", extension="30"), cst(2026, 3, 6))
    assert (result.rule, result.kind, result.statutory) == ("T-01@2020-04-08", "limit", False)
    assert (result.calendar_version, result.provisional) == ("2026.1", False)
    assert (result.extendable, result.stop_reasons) == (1, ["appraisal"])
    assert result.due_at == cst(2026, 4, 8, 0)  # 30 days end on 5 April, 清明; 6 April is the day off for it


def test_days_before_are_days_of_the_calendar() -> None:
    result = plan(rule(Unit.MONTHS, "12", reminders=("-60d", "-7d")), cst(2025, 3, 10))
    assert times(result) == [cst(2026, 1, 10, 0), cst(2026, 3, 4, 0)]


def test_a_reminder_that_is_not_after_the_start_is_dropped() -> None:
    assert times(plan(rule(Unit.ELAPSED, "PT2H", reminders=("-PT2H", "-P1D", "-PT1H")), cst(2026, 3, 6))) == [
        cst(2026, 3, 6, 10)
    ]


def test_a_chosen_day_is_announced_before_it_begins() -> None:
    renewal = rule(Unit.NATURAL_DAYS, "0", rolls=False, reminders=("-30d", "-7d"))
    assert times(plan(renewal, cst(2026, 7, 31, 0))) == [cst(2026, 7, 2, 0), cst(2026, 7, 25, 0)]


def test_quiet_hours_move_a_reminder_to_their_end() -> None:
    hours = rule(Unit.ELAPSED, "PT24H", reminders=("50%",))
    assert times(plan(hours, cst(2026, 3, 6, 10), QUIET)) == [cst(2026, 3, 7, 7)]  # would be 22:00
    assert times(plan(hours, cst(2026, 3, 6, 14), QUIET)) == [cst(2026, 3, 7, 7)]  # would be 02:00
    assert times(plan(hours, cst(2026, 3, 6, 19), QUIET)) == [cst(2026, 3, 7, 7)]  # 07:00 is not quiet any more
    assert times(plan(hours, cst(2026, 3, 6, 9), QUIET)) == [cst(2026, 3, 7, 7)]  # 21:00 is quiet already
    assert times(plan(hours, cst(2026, 3, 6, 8), QUIET)) == [cst(2026, 3, 6, 20)]


def test_a_case_of_an_exempt_colour_is_reminded_at_any_hour() -> None:
    hours = rule(Unit.ELAPSED, "PT24H", reminders=("50%",))
    assert times(plan(hours, cst(2026, 3, 6, 10), QUIET, "red")) == [cst(2026, 3, 6, 22)]


def test_quiet_hours_within_one_day() -> None:
    noon = Quiet(time(12), time(14))
    hours = rule(Unit.ELAPSED, "PT24H", reminders=("50%",))
    assert times(plan(hours, cst(2026, 3, 6, 1), noon)) == [cst(2026, 3, 6, 14)]
    assert times(plan(hours, cst(2026, 3, 6, 2), noon)) == [cst(2026, 3, 6, 14)]
    assert times(plan(hours, cst(2026, 3, 6, 3), noon)) == [cst(2026, 3, 6, 15)]


def test_a_reminder_is_not_moved_past_the_due_instant() -> None:
    hours = rule(Unit.ELAPSED, "PT2H", reminders=("50%",))
    assert times(plan(hours, cst(2026, 3, 6, 22), QUIET)) == [cst(2026, 3, 6, 23)]


def test_quiet_hours_leave_the_ladder_alone() -> None:
    result = plan(rule(Unit.ELAPSED, "PT2H", ladder=LADDER), cst(2026, 3, 6, 22), QUIET)
    assert times(result)[:2] == [cst(2026, 3, 7, 0)] * 2


def test_a_wait_has_no_ladder() -> None:
    wait = rule(Unit.MONTHS, "6", kind=Kind.WAIT, ladder=LADDER)
    assert plan(wait, cst(2026, 3, 6)).rungs == []


def test_while_stopped_nothing_is_due_and_nobody_is_told() -> None:
    hours = rule(Unit.ELAPSED, "PT24H", reminders=("50%",), ladder=LADDER)
    result = schedule(hours, cst(2026, 3, 6), CALENDAR, [Stop(cst(2026, 3, 6, 10), "appraisal")])
    assert (result.due_at, result.rungs, result.remaining) == (None, [], "PT23H")


def test_an_extension_and_a_stop_move_the_rungs_under_the_same_keys() -> None:
    hours = rule(Unit.ELAPSED, "PT24H", extension="PT12H", reminders=("50%",), ladder=LADDER)
    start = cst(2026, 3, 6)
    plain = plan(hours, start)
    moved = schedule(hours, start, CALENDAR, [Stop(cst(2026, 3, 6, 10), "appraisal", cst(2026, 3, 6, 12))], 1)
    assert [rung.key for rung in moved.rungs] == [rung.key for rung in plain.rungs]
    assert moved.due_at == start + timedelta(hours=38)
    assert moved.rungs[0].at == start + timedelta(hours=19)


@given(st.integers(1, 10_000), st.integers(0, 60 * 24 * 400), st.sampled_from(["red", "yellow", ""]))
def test_reminders_stand_between_start_and_due(minutes: int, offset: int, colour: str) -> None:
    period = rule(Unit.ELAPSED, f"PT{minutes}M", reminders=("1%", "50%", "99%", "-PT30M"), ladder=LADDER)
    start = cst(2025, 1, 1) + timedelta(minutes=offset)
    result = plan(period, start, QUIET, colour)
    assert result.due_at is not None
    for rung in result.rungs:
        assert (result.due_at <= rung.at) if rung.breach else (start < rung.at < result.due_at)
    assert times(result) == sorted(times(result))


@pytest.mark.parametrize("seconds", [1, 2, 90])
def test_a_test_pack_in_seconds_has_its_rungs_in_seconds(seconds: int) -> None:
    period = rule(Unit.ELAPSED, f"PT{seconds}S", reminders=("50%",), ladder=(LadderStep("PT1S", "holder"),))
    start = cst(2026, 3, 6)
    assert times(plan(period, start)) == [
        start + timedelta(seconds=seconds / 2),
        start + timedelta(seconds=seconds + 1),
    ]
