"""The shell around the kernel on the real Temporal server, months in seconds."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.acts import Act, ActKind, RefusalCode
from domain.process import Role
from domain.state import CaseStatus, ClockStatus
from tests.workflows.server import office
from tests.workflows.world import SERVICES, actor


async def test_the_straight_way_from_report_to_the_end_of_the_window(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report()
        await case.do("accept", "accept")
        await case.do("onsite_check", "no_danger")
        await case.do("safety_decision", "safe")
        await case.do("grading", "graded", colour="blue")
        await case.do("assessment", "assessed", assessors=2, guardianship="insufficient", colour="blue")
        await case.do("help_plan", "planned", services=SERVICES)
        await case.do("service", "done", on_day="2026-03-03")
        await case.do("acknowledge", "told", feedback="accepted")
        await case.wait(days=20)
        await case.do("visit", "seen")
        await case.act(ActKind.START, Role.COUNTY_OFFICER, task="propose_close")
        await case.do("propose_close", "propose", why="safe")
        await case.do("approve_close", "approve")
        await case.do("final_feedback", "told", feedback="finished")
        assert (await case.state()).status is CaseStatus.CLOSED
        await case.wait(days=200)
        await case.handle.result()
        revisions = [projection.rev for projection in desk.history(case.case_id)]
        assert revisions == list(range(1, len(revisions) + 1))


async def test_an_untouched_red_case_climbs_the_ladder_and_every_rung_is_told_once(
    temporal_env: WorkflowEnvironment,
) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report(facts={"colour": "red", "police": "yes"})
        await case.wait(days=3)
        notices = [n for p in desk.history(case.case_id) for n in p.notices if n.item == "accept.1.1"]
        keys = [(n.key, n.to) for n in notices]
        assert len(keys) == len(set(keys))
        assert {to for _, to in keys} >= {"county_leader", "city_officer", "provincial_supervisor"}
        clock = next(c for c in (await case.state()).clocks.values() if c.rule.startswith("D-02.red@"))
        assert clock.breached_at == clock.due_at


async def test_a_refusal_names_its_reason_and_the_holder(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report()
        await case.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person="甲", item="accept.1.1")
        with pytest.raises(ApplicationError) as refused:
            await case.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person="乙", item="accept.1.1")
        assert refused.value.type == "Refused"
        assert refused.value.details[0]["code"] == RefusalCode.HELD_BY_OTHER
        assert refused.value.details[0]["holder"] == "甲"


async def test_of_many_rivals_exactly_one_holds_the_item(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report()

        async def claim(n: int) -> bool:
            try:
                await case.act(ActKind.CLAIM, Role.COUNTY_OFFICER, person=f"p{n}", item="accept.1.1")
            except ApplicationError:
                return False
            return True

        won = await asyncio.gather(*(claim(n) for n in range(8)))
        assert won.count(True) == 1
        claimed = [e for p in desk.history(case.case_id) for e in p.events if e.kind == "item.claimed"]
        assert len(claimed) == 1


async def test_the_same_act_sent_again_is_answered_and_done_once(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report()
        act = Act("again", ActKind.DO, case.at, actor(Role.COUNTY_OFFICER), item="accept.1.1", outcome="accept")
        first, second = await case.send(act), await case.send(act)
        assert first == second
        done = [e for p in desk.history(case.case_id) for e in p.events if e.kind == "item.done" and e.act == "again"]
        assert len(done) == 1


async def test_what_was_received_in_time_and_is_still_on_its_way_is_heard_before_a_breach(
    temporal_env: WorkflowEnvironment,
) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report(facts={"colour": "red", "police": "no"})
        desk.unheard[case.case_id] = 1
        received = case.at + timedelta(hours=1)
        await case.wait(hours=2, seconds=1)
        state = await case.state()
        assert all(clock.breached_at is None for clock in state.clocks.values())
        officer = actor(Role.COUNTY_OFFICER)
        await case.send(Act("late", ActKind.DO, received, officer, item="accept.1.1", outcome="accept"))
        desk.unheard[case.case_id] = 0
        clock = next(c for c in (await case.state()).clocks.values() if c.rule.startswith("D-02.red@"))
        assert (clock.status, clock.breached_at) == (ClockStatus.MET, None)


async def test_a_long_life_continues_as_new_and_forgets_nothing(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        case = await desk.report(history_limit=40)
        first_run = (await case.handle.describe()).run_id
        await case.do("accept", "accept")
        await case.do("onsite_check", "no_danger")
        await case.do("safety_decision", "safe")
        await case.do("grading", "graded", colour="yellow")
        for _ in range(6):
            await case.wait(days=10)
            await case.do("visit", "seen")
        assert (await case.handle.describe()).run_id != first_run
        state = await case.state()
        assert len([i for i in state.items.values() if i.task == "visit" and i.outcome == "seen"]) == 6
        revisions = [projection.rev for projection in desk.history(case.case_id)]
        assert revisions == list(range(1, len(revisions) + 1))


async def test_a_merge_reaches_the_other_case_and_its_undoing_too(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        older, newer = await desk.report(), await desk.report()
        await newer.do("accept", "merge", case=older.case_id)
        assert (await newer.state()).status is CaseStatus.MERGED
        assert (await older.state()).joined == [newer.case_id]
        await newer.act(ActKind.PART, Role.COUNTY_OFFICER)
        assert (await newer.state()).status is CaseStatus.OPEN
        assert (await older.state()).joined == []


async def test_a_merge_into_a_case_that_cannot_take_it_comes_back(temporal_env: WorkflowEnvironment) -> None:
    async with office(temporal_env) as desk:
        newer = await desk.report()
        await newer.do("accept", "merge", case="00000000-0000-0000-0000-000000000000")
        assert (await newer.state()).status is CaseStatus.OPEN
        assert "accept" in await newer.open()
