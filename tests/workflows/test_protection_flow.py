"""The flow of the four-part mechanism, step by step as on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.acts import Act, ActKind, RefusalCode
from domain.process import Role
from domain.state import CaseStatus, ClockStatus
from tests.workflows.world import (
    ELSEWHERE,
    SERVICES,
    TOWNSHIP,
    RefusedError,
    World,
    actor,
    to_closed,
    to_plan,
    to_safety,
)


def test_a_report_opens_acceptance_and_for_the_nine_situations_the_police_notice() -> None:
    assert World().tasks == {"accept"}
    assert World(police="yes", colour="red").tasks == {"accept", "notify_police"}


def test_a_reporter_who_went_to_the_police_first_leaves_only_the_receipt_to_record() -> None:
    world = World(police="yes", facts={"police_told": "yes"})
    assert world.tasks == {"accept", "police_receipt"}


def test_the_24_hours_of_passing_a_case_on_are_judged_only_when_it_is_passed_on() -> None:
    filed, passed_on = World(facts={"police_told": "yes"}), World(facts={"police_told": "yes"})
    for world in (filed, passed_on):
        world.wait(hours=30)
        assert world.clock("REP-11").breached_at is not None
    filed.do("police_receipt", "filed", answer="criminal", filed_on="2026-03-03")
    assert (filed.clock("REP-11").breached_at, filed.clock("REP-11").status) == (None, ClockStatus.WITHDRAWN)
    passed_on.do("police_receipt", "passed_on", on_day="2026-03-03")
    assert passed_on.clock("REP-11").breached_at is not None


def test_closed_doors_raise_one_report_at_a_time() -> None:
    world = World()
    world.do("accept", "accept")
    for _ in range(4):
        world.do("onsite_check", "door_closed")
    assert len(world.kinds("report.raised")) == 1
    world.do("unseen_report", "police", told_at="2026-03-03T10:00:00+08:00")
    assert "unseen_report" not in world.tasks
    world.wait(hours=1)
    world.do("onsite_check", "door_closed")
    assert len(world.kinds("report.raised")) == 2


def test_a_case_with_nobody_left_to_protect_is_ended_by_two_people_without_more_work() -> None:
    world = World(colour="red")
    to_safety(world, "measures", ["medical"])
    world.act(ActKind.START, Role.COUNTY_OFFICER, person="甲", task="propose_close")
    world.do("propose_close", "end", person="甲", why="deceased")
    with pytest.raises(RefusedError):
        world.do("approve_end", "approve", person="甲", role=Role.COUNTY_OFFICER)
    world.do("approve_end", "approve", person="乙")
    assert world.case.state.status is CaseStatus.CLOSED
    assert world.tasks == {"final_feedback"}


def test_acceptance_opens_the_check_and_the_first_feedback() -> None:
    world = World()
    world.do("accept", "accept")
    assert world.tasks == {"acknowledge", "onsite_check"}


def test_a_village_named_at_acceptance_sends_visits_to_its_child_director() -> None:
    world = World()
    with pytest.raises(RefusedError) as refused:
        world.do("accept", "accept", village="220122100201")
    assert refused.value.refused.code is RefusalCode.INCOMPLETE
    world.do("accept", "accept", village=f"{TOWNSHIP}001")
    world.do("onsite_check", "no_danger")
    world.do("safety_decision", "safe")
    world.do("grading", "graded", colour="yellow")
    world.act(ActKind.DO, Role.CHILD_DIRECTOR, territory=f"{TOWNSHIP}001", item=world.open("visit").id, outcome="seen")
    assert world.case.state.hops == 0


def test_a_late_report_is_a_breach_of_the_reporters_own_time() -> None:
    world = World(discovered=datetime(2026, 2, 24, 1, 0, tzinfo=UTC))
    assert world.clock("D-01").breached_at == datetime(2026, 2, 24, 3, 0, tzinfo=UTC)
    assert world.clock("D-01").status is ClockStatus.MET


def test_a_report_within_two_hours_of_discovery_is_in_time() -> None:
    world = World(discovered=datetime(2026, 3, 2, 0, 0, tzinfo=UTC))
    assert world.clock("D-01").breached_at is None


def test_transfer_keeps_the_childs_clock_and_the_third_hop_goes_to_the_coordinator() -> None:
    world = World(colour="red")
    due = world.clock("D-02.red").due_at
    for hop, territory in enumerate((ELSEWHERE, "220104001", ELSEWHERE), 1):
        world.wait(minutes=20)
        county = world.case.state.territory[:6]
        world.act(
            ActKind.DO,
            Role.COUNTY_OFFICER,
            territory=county,
            item=world.open("accept").id,
            outcome="transfer",
            codes={"territory": territory, "why": "place"},
        )
        assert world.case.state.hops == hop
    assert world.tasks == {"coordinate"}
    assert world.clock("D-02.red.coordinate").due_at == due
    leader = actor(Role.COUNTY_LEADER, territory=ELSEWHERE[:6])
    item = world.open("coordinate").id
    with pytest.raises(RefusedError) as refused:
        world.deliver(Act("x", ActKind.DO, world.now, leader, item=item, outcome="transfer"))
    assert refused.value.refused.code is RefusalCode.UNKNOWN_OUTCOME
    world.deliver(Act("y", ActKind.DO, world.now, leader, item=item, outcome="accept"))
    assert "onsite_check" in world.tasks


def test_screening_out_takes_a_second_person() -> None:
    world = World()
    world.do("accept", "screen_out", person="甲", why="no_harm")
    with pytest.raises(RefusedError) as refused:
        world.do("screen_out_review", "confirm", person="甲", role=Role.COUNTY_OFFICER)
    assert refused.value.refused.code is RefusalCode.SECOND_PERSON
    world.do("screen_out_review", "confirm", person="乙")
    assert world.case.state.status is CaseStatus.SCREENED_OUT
    assert world.tasks == {"final_feedback"}


def test_a_rejected_screening_out_goes_back_to_acceptance_on_the_same_clock() -> None:
    world = World(colour="red")
    due = world.clock("D-02.red").due_at
    world.do("accept", "screen_out", person="甲", why="no_harm")
    world.do("screen_out_review", "reject", person="乙")
    assert world.tasks == {"accept"}
    assert world.clock("D-02.red").status is ClockStatus.RUNNING
    assert world.clock("D-02.red").due_at == due


def test_emergency_work_may_start_before_acceptance() -> None:
    world = World()
    world.act(ActKind.START, Role.CHILD_SUPERVISOR, task="onsite_check")
    world.do("onsite_check", "danger")
    assert {"accept", "safety_decision"} <= world.tasks
    world.do("accept", "accept")
    assert "onsite_check" not in world.tasks


def test_a_closed_door_is_a_finding_and_the_second_in_a_row_is_a_new_report() -> None:
    world = World()
    world.do("accept", "accept")
    world.do("onsite_check", "door_closed")
    assert "onsite_check" in world.tasks
    assert "unseen_report" not in world.tasks
    world.do("onsite_check", "door_closed")
    assert {"onsite_check", "unseen_report"} <= world.tasks
    assert len(world.kinds("report.raised")) == 1


def test_two_visits_nobody_opened_raise_a_report_even_months_later() -> None:
    world = World()
    to_plan(world)
    for _ in range(2):
        world.wait(days=10)
        world.do("visit", "door_closed")
    assert "unseen_report" in world.tasks


def test_danger_found_on_a_visit_sends_someone_at_once() -> None:
    world = World()
    to_plan(world)
    world.do("visit", "danger")
    assert "onsite_check" in world.tasks
    assert world.clock("D-03.yellow").start_at == world.now


def test_measures_open_their_tasks_and_a_removal_needs_a_written_handover() -> None:
    world = World(colour="red")
    to_safety(world, "measures", ["temporary_guardianship", "medical"])
    assert {"temporary_guardianship", "medical", "notify_township", "grading"} <= world.tasks
    world.do("temporary_guardianship", "placed", ground="harm", placement="protection_centre")
    assert {"handover", "temporary_review", "temporary_exit"} <= world.tasks


def test_temporary_guardianship_is_reviewed_at_1_3_6_9_11_months_and_ends_within_a_year() -> None:
    world = World(colour="red")
    to_safety(world, "measures", ["temporary_guardianship"])
    world.do("temporary_guardianship", "placed", ground="harm", placement="relatives")
    months = []
    for n in range(1, 6):
        clock = next(c for c in world.running() if c.item == f"temporary_review.1.1-{n}")
        months.append((clock.due_at - timedelta(days=1)).astimezone(UTC).strftime("%Y-%m"))
    assert months == ["2026-04", "2026-06", "2026-09", "2026-12", "2027-02"]
    assert world.clock("TMP-04").due_at.year == 2027
    world.wait(days=400)
    missed = [c for c in world.case.state.clocks.values() if c.rule.startswith("D-10") and c.breached_at]
    assert len(missed) == 5
    world.do("temporary_exit", "decided", exit="returned")
    assert "temporary_review" not in world.tasks


def test_an_improper_guardianship_asks_for_a_conference_and_its_decisions_for_their_tasks() -> None:
    world = World()
    to_plan(world, guardianship="improper")
    world.do(
        "conference",
        "decided",
        participants=["police"],
        decisions=["warning", "order_application", "revocation_decision"],
    )
    assert {"warning", "order_application", "revocation_decision"} <= world.tasks
    world.do("warning", "issued", kind="admonition", body="police", on_day="2026-03-02", review_day="2026-04-02")
    assert "warning_review" in world.tasks
    world.do("order_application", "accepted", accepted_at="2026-03-02T10:00:00+08:00", urgent=True)
    assert world.clock("ORD-01.urgent").due_at == datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # from the next hour
    world.do("order_decision", "granted", on_day="2026-03-02", valid_until="2026-09-01")
    assert "order_renewal" in world.tasks
    world.do("order_renewal", "renewed", valid_until="2027-02-28")
    assert "order_renewal" in world.tasks
    world.do("revocation_decision", "file", ground="serious_harm")
    world.do("revocation_filing", "filed", on_day="2026-03-20")
    world.do("revocation_judgment", "revoked", on_day="2026-04-10")


def test_an_intervention_may_be_started_by_hand_at_any_time() -> None:
    world = World()
    world.act(ActKind.START, Role.COUNTY_OFFICER, task="conference")
    assert "conference" in world.tasks


def test_a_colour_that_rises_shortens_the_running_visit_clock() -> None:
    world = World()
    to_safety(world)
    world.do("grading", "graded", colour="blue")
    slow = world.clock("D-13.blue")
    world.do("assessment", "assessed", assessors=2, guardianship="insufficient", colour="red")
    assert slow.status is ClockStatus.WITHDRAWN
    assert world.clock("D-13.red").due_at < slow.due_at


def test_services_end_on_their_own_day_and_reviews_may_add_more() -> None:
    world = World()
    to_plan(world)
    assert world.clock("D-08.service").due_at == datetime(2026, 4, 10, 16, 0, tzinfo=UTC)
    world.do("plan_review", "change", colour="yellow", services=SERVICES)
    assert len([i for i in world.case.items_of("service") if i.status == "open"]) == 2


def test_a_finished_plan_is_not_reviewed_again() -> None:
    world = World()
    to_plan(world)
    world.do("plan_review", "finish", colour="green")
    assert "plan_review" not in world.tasks


def test_closing_is_refused_with_the_list_of_what_is_open() -> None:
    world = World(colour="red")
    to_safety(world, "measures", ["medical"])
    world.act(ActKind.START, Role.COUNTY_OFFICER, task="propose_close")
    with pytest.raises(RefusedError) as refused:
        world.do("propose_close", "propose", why="safe")
    assert refused.value.refused.code is RefusalCode.STILL_OPEN
    assert "medical.1.1" in refused.value.refused.open_items


def test_a_missing_visit_forbids_closing() -> None:
    world = World()
    to_plan(world)
    world.do("service", "done", on_day="2026-03-03")
    world.wait(days=20)
    world.act(ActKind.START, Role.COUNTY_OFFICER, task="propose_close")
    with pytest.raises(RefusedError) as refused:
        world.do("propose_close", "propose", why="safe")
    assert "visit.1.1" in refused.value.refused.open_items


def test_closing_needs_another_person_and_the_reporter_is_still_told() -> None:
    world = World()
    to_plan(world)
    world.do("service", "done", on_day="2026-03-03")
    world.act(ActKind.START, Role.COUNTY_OFFICER, person="甲", task="propose_close")
    world.do("propose_close", "propose", person="甲", why="safe")
    with pytest.raises(RefusedError) as refused:
        world.do("approve_close", "approve", person="甲", role=Role.COUNTY_OFFICER)
    assert refused.value.refused.code is RefusalCode.SECOND_PERSON
    world.do("approve_close", "return", person="乙")
    assert "propose_close" in world.tasks
    world.do("propose_close", "propose", person="甲", why="safe")
    world.do("approve_close", "approve", person="乙")
    assert world.case.state.status is CaseStatus.CLOSED
    assert world.tasks == {"final_feedback"}
    assert world.clock("D-04.final").status is ClockStatus.RUNNING


def test_a_new_report_within_the_window_opens_the_case_again_with_history_and_fresh_clocks() -> None:
    world = World()
    to_closed(world)
    world.do("final_feedback", "told", feedback="finished")
    world.wait(days=100)
    again = world.now
    world.act(ActKind.JOIN, Role.SYSTEM, other="other", codes={"report.done": again.isoformat(), "colour": "red"})
    assert world.case.state.status is CaseStatus.OPEN
    assert world.case.state.round == 2
    assert world.tasks == {"accept"}
    assert world.clock("D-02.red").start_at == again
    assert world.case.state.items["accept.1.1"].outcome == "accept"


def test_after_the_window_nothing_is_left() -> None:
    world = World()
    to_closed(world)
    world.do("final_feedback", "told", feedback="finished")
    assert not world.case.is_over
    world.wait(days=200)
    assert world.case.is_over


def test_a_merge_is_told_to_the_other_case_and_can_be_undone() -> None:
    world = World()
    due = world.clock("D-02.other").due_at
    world.do("accept", "merge", case="older")
    assert world.case.state.status is CaseStatus.MERGED
    assert world.tasks == set()
    assert [(word.to, word.kind) for word in world.words] == [("older", ActKind.JOIN)]
    world.wait(days=3)
    world.act(ActKind.PART, Role.COUNTY_OFFICER)
    assert world.tasks == {"accept"}
    assert world.clock("D-02.other").due_at == due
    assert world.words[-1].kind is ActKind.PART
