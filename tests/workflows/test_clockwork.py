"""Reminders, breaches, extensions, stops and holds: what time and people do to clocks."""

from datetime import timedelta

import pytest

from domain.acts import Act, ActKind, RefusalCode
from domain.process import Role
from domain.state import ClockStatus
from tests.workflows.world import RefusedError, World, actor, seconds_clockmaker, to_safety


def to_assessment(world: World) -> None:
    to_safety(world)
    world.do("grading", "graded", colour="yellow")


def test_an_untouched_red_report_is_reminded_then_breached_once_at_its_true_due_instant() -> None:
    world = World(colour="red")
    world.wait(days=2)
    breaches = [e for e in world.kinds("clock.breached") if e.task == "accept"]
    assert len(breaches) == 1
    assert world.clock("D-02.red").breached_at == world.start + timedelta(hours=2)
    keys = [(n.key, n.to) for n in world.notices if n.item == "accept.1.1"]
    assert len(keys) == len(set(keys))
    assert {to for _, to in keys} >= {"county_officer", "county_leader", "city_officer", "provincial_supervisor"}


def test_of_reminders_missed_in_an_outage_only_the_latest_is_sent() -> None:
    world = World(colour="yellow")
    to_assessment(world)
    clock = world.clock("D-07")
    reminders = [rung for rung in clock.rungs if not rung.breach]
    assert len(reminders) >= 2
    world.outage(days=(reminders[-1].at - world.now).days + 1)
    sent = [n for n in world.notices if n.clock == clock.id and not n.breach]
    assert {n.key for n in sent} == {f"{clock.id}:{reminders[-1].key}"}


def test_a_breach_found_after_an_outage_keeps_its_true_instant() -> None:
    world = World(colour="red")
    world.outage(hours=30)
    clock = world.clock("D-02.red")
    assert clock.breached_at == world.start + timedelta(hours=2)
    assert clock.detected_at == world.start + timedelta(hours=30)


def test_an_act_received_in_time_takes_a_recorded_breach_back() -> None:
    world = World(colour="red")
    item = world.open("accept").id
    world.outage(hours=5)
    received = world.start + timedelta(hours=1)
    world.deliver(Act("late", ActKind.DO, received, actor(Role.COUNTY_OFFICER), item=item, outcome="accept"))
    clock = world.clock("D-02.red")
    assert (clock.breached_at, clock.status, clock.met_at) == (None, ClockStatus.MET, received)
    assert len(world.kinds("clock.breach_withdrawn")) == 1


def test_work_done_after_the_limit_is_late_even_if_no_timer_had_fired() -> None:
    world = World(colour="red")
    world.now += timedelta(hours=3)
    world.do("accept", "accept")
    assert world.clock("D-02.red").breached_at == world.start + timedelta(hours=2)


def test_an_extension_is_asked_before_the_due_instant_and_approved_one_level_up_once() -> None:
    world = World()
    to_assessment(world)
    clock = world.clock("D-07")
    due = clock.due_at
    world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock.id)
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock.id)
    assert refused.value.refused.code is RefusalCode.ALREADY
    world.do("extension_county", "approve")
    assert world.clock("D-07").due_at - due >= timedelta(days=29)
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock.id)
    assert refused.value.refused.code is RefusalCode.NO_MORE_EXTENSIONS


def test_a_second_extension_goes_to_the_level_above_the_first() -> None:
    world = World(clocks=seconds_clockmaker())
    to_assessment(world)
    clock = world.clock("S-assessment")
    for task in ("extension_county", "extension_city"):
        due = world.clock("S-assessment").due_at
        world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock.id)
        world.do(task, "approve")
        assert world.clock("S-assessment").due_at == due + timedelta(seconds=5)
    world.act(ActKind.START, Role.COUNTY_OFFICER, task="conference")
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock.id)
    assert refused.value.refused.code is RefusalCode.NO_MORE_EXTENSIONS


def test_an_extension_after_the_due_instant_is_refused() -> None:
    world = World()
    to_assessment(world)
    world.wait(days=60)
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=world.clock("D-07").id)
    assert refused.value.refused.code is RefusalCode.TOO_LATE


def test_a_clock_stops_for_a_legal_reason_only_and_keeps_the_remaining_time() -> None:
    world = World()
    to_assessment(world)
    clock = world.clock("D-07")
    due = clock.due_at
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.STOP, Role.COUNTY_OFFICER, clock=clock.id, reason="busy")
    assert refused.value.refused.code is RefusalCode.NO_LEGAL_REASON
    world.wait(days=5)
    world.act(ActKind.STOP, Role.COUNTY_OFFICER, clock=clock.id, reason=clock.stop_reasons[0])
    world.wait(days=90)
    assert world.clock("D-07").breached_at is None
    world.act(ActKind.RESTART, Role.COUNTY_OFFICER, clock=clock.id)
    gained = world.clock("D-07").due_at - due
    assert timedelta(days=90) <= gained <= timedelta(days=93)  # rolls off a rest day at most


def test_a_hold_stops_progress_and_not_time() -> None:
    world = World(colour="red")
    item = world.open("accept")
    world.act(ActKind.HOLD, Role.COUNTY_OFFICER, item=item.id, reason="waiting")
    with pytest.raises(RefusedError) as refused:
        world.do("accept", "accept")
    assert refused.value.refused.code is RefusalCode.ON_HOLD
    world.wait(hours=3)
    assert world.clock("D-02.red").breached_at is not None
    world.act(ActKind.RESUME, Role.COUNTY_OFFICER, item=item.id)
    world.do("accept", "accept")


def test_a_claim_is_exclusive_and_names_the_holder() -> None:
    world = World()
    item = world.open("accept").id
    world.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person="甲", item=item)
    world.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person="甲", item=item)
    with pytest.raises(RefusedError) as refused:
        world.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person="乙", item=item)
    assert (refused.value.refused.code, refused.value.refused.holder) == (RefusalCode.HELD_BY_OTHER, "甲")
    with pytest.raises(RefusedError):
        world.do("accept", "accept", person="乙")
    world.act(ActKind.RELEASE, Role.COUNTY_LEADER, item=item)
    world.do("accept", "accept", person="乙")


@pytest.mark.parametrize(
    ("role", "territory"),
    [(Role.COUNTY_OFFICER, "220122"), (Role.POLICE, "220104"), (Role.REPORTER, "220104"), (Role.COUNTY_OFFICER, "")],
)
def test_neither_another_county_nor_another_role_may_act(role: Role, territory: str) -> None:
    world = World()
    item = world.open("accept").id
    stranger = actor(role, territory=territory) if territory else actor(role).__class__("x", role, "")
    with pytest.raises(RefusedError) as refused:
        world.deliver(Act("x", ActKind.DO, world.now, stranger, item=item, outcome="accept"))
    assert refused.value.refused.code is RefusalCode.NOT_YOURS


def test_the_same_act_twice_changes_nothing() -> None:
    world = World()
    act = Act("once", ActKind.DO, world.now, actor(Role.COUNTY_OFFICER), item=world.open("accept").id, outcome="accept")
    world.deliver(act)
    steps = len(world.projections)
    world.deliver(act)
    assert len(world.projections) == steps


def test_a_notice_waits_for_nobody_but_is_never_due_after_the_case_has_moved_on() -> None:
    world = World(colour="red")
    world.do("accept", "accept")
    world.wait(days=1)
    assert not [n for n in world.notices if n.item == "accept.1.1"]
