"""Records the histories that ``test_replay.py`` replays: ``python -m tests.workflows.record``.

On the wall clock, with limits of seconds, so that no event of time skipping is in them. Record again only together
with a patch or a new version of the process: the old files stay as long as such runs may be open.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from domain.acts import Act, ActKind, Codes
from domain.process import Role
from embedded import temporal_binary
from engine import data_converter, ensure_search_attributes
from tests.conftest import PAYLOAD_KEYS
from tests.workflows.server import Handled, Office, office
from tests.workflows.world import ELSEWHERE, SERVICES, actor, seconds_clockmaker

HISTORIES = Path(__file__).resolve().parents[1] / "histories"


async def straight(desk: Office) -> Handled:
    """Report to closing to the end of the window."""
    case = await desk.report()
    await case.do("accept", "accept")
    await case.do("onsite_check", "no_danger")
    await case.do("safety_decision", "safe")
    await case.do("grading", "graded", colour="yellow")
    await case.do("assessment", "assessed", assessors=2, guardianship="insufficient", colour="blue")
    await case.do("help_plan", "planned", services=SERVICES)
    await case.do("service", "done", on_day="2026-03-03")
    await case.do("visit", "seen")
    await case.act(ActKind.START, Role.COUNTY_OFFICER, task="propose_close")
    await case.do("propose_close", "propose", why="safe")
    await case.do("approve_close", "approve")
    await case.do("final_feedback", "told", feedback="finished")
    await case.handle.result()
    return case


async def neglected(desk: Office) -> Handled:
    """Nobody acts: reminder, breach, ladder; then the report is accepted late."""
    case = await desk.report()
    await asyncio.wait_for(desk.breached.wait(), 30)
    await case.do("accept", "accept")
    await case.do("onsite_check", "door_closed")
    await case.do("onsite_check", "door_closed")
    return case


async def crooked(desk: Office) -> Handled:
    """Transfer, claim, return, extension, stop, hold, merge and its undoing, a run that continues as new."""
    other = await desk.report()
    case = await desk.report(history_limit=60)
    move: Codes = {"territory": ELSEWHERE, "why": "place"}
    await case.act(ActKind.DO, Role.COUNTY_OFFICER, item="accept.1.1", outcome="transfer", codes=move)
    there = actor(Role.COUNTY_OFFICER, territory=ELSEWHERE[:6])
    merge: Codes = {"case": other.case_id}
    await case.send(Act("m", ActKind.DO, case.at, there, item="accept.1.1", outcome="merge", codes=merge))
    await case.send(Act("p", ActKind.PART, case.at, there))
    await case.send(Act("a", ActKind.DO, case.at, there, item="accept.1.1", outcome="accept"))
    await other.act(ActKind.CLAIM, Role.COUNTY_OFFICER, item="accept.1.1")
    await other.act(ActKind.HOLD, Role.COUNTY_OFFICER, item="accept.1.1", reason="waiting")
    await other.act(ActKind.RESUME, Role.COUNTY_OFFICER, item="accept.1.1")
    await other.do("accept", "accept")
    await other.do("onsite_check", "no_danger")
    await other.do("safety_decision", "return")
    await other.do("onsite_check", "danger")
    await other.do("safety_decision", "measures", measures=["temporary_guardianship"])
    await other.do("grading", "graded", colour="red")
    clock = next(c.id for c in (await other.state()).clocks.values() if c.item == "assessment.1.1")
    await other.act(ActKind.EXTEND, Role.COUNTY_OFFICER, clock=clock)
    await other.do("extension_county", "approve")
    await other.act(ActKind.STOP, Role.COUNTY_OFFICER, clock=clock, reason="police_appraisal")
    await other.act(ActKind.RESTART, Role.COUNTY_OFFICER, clock=clock)
    await other.do("temporary_guardianship", "placed", ground="harm", placement="relatives")
    return other


STORIES: dict[str, Callable[[Office], Awaitable[Handled]]] = {
    "straight": straight,
    "neglected": neglected,
    "crooked": crooked,
}


async def main() -> None:
    """Live each story once and keep its history."""
    environment = await WorkflowEnvironment.start_local(
        data_converter=data_converter(PAYLOAD_KEYS),
        dev_server_existing_path=temporal_binary(),
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        await ensure_search_attributes(environment.client)
        async with office(environment, seconds_clockmaker()) as desk:
            for name, story in STORIES.items():
                case = await story(desk)
                history = await case.handle.fetch_history()
                file = HISTORIES / f"protection-1-{name}-{datetime.now(UTC):%Y%m%d}.json"
                file.write_text(history.to_json())
                sys.stdout.write(f"{file.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    asyncio.run(main())
