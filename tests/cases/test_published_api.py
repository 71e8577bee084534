"""The published cases through the real front: HTTP, PostgreSQL, relay, Temporal, read model; nothing is replaced.

All cases are filed first and then go their ways at the same time, each on its own virtual clock.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain import protection_keys as p
from domain.protection import PROTECTION
from domain.state import CaseState
from tests.cases.behind_the_front import BehindTheFront, open_front
from tests.cases.course import Course, open_items
from tests.cases.in_memory import open_case
from tests.cases.misses import misses
from tests.cases.published import PublishedCase, published_cases
from tests.cases.report import Finding
from tests.cases.story import Story

pytestmark = pytest.mark.slow
WAY_SECONDS = 90
A_MINUTE = timedelta(minutes=1)  # a discovery "just now" is typed to the minute
CASES = published_cases()


@dataclass(frozen=True)
class Going:
    """A case that was filed and is going its way."""

    story: Story
    office: BehindTheFront
    course: Course
    end: asyncio.Task[CaseState]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def going(
    pg_url: str, temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, Going]]:
    """Every case, filed over HTTP and handed over; those of this process go on."""
    async with open_front(pg_url, temporal_env, tmp_path_factory.mktemp("front")) as front:
        filed = [(case, *await front.file(case)) for case in CASES]
        await front.hand_over()
        cases: dict[str, Going] = {}
        for case, story, case_id in filed:
            office = front.case(case_id, story)
            course = Course(story, office)
            goes = course.run() if case.process == PROTECTION.key else office.state()
            cases[case.id] = Going(story, office, course, asyncio.create_task(goes))
        yield cases
        for way in cases.values():
            way.end.cancel()
            await way.office.leave()


async def same_in_sql(office: BehindTheFront, state: CaseState) -> None:
    """The read model holds what the workflow holds, and every breach once."""
    rows = await office.read_model()
    head = rows["cases"][0]
    assert (head["status"], head["stage"], head["round"]) == (state.status, state.stage, state.round)
    assert (head["rev"], head["colour"], head["territory"]) == (state.rev, state.facts["colour"], state.territory)
    items = {(i.id, i.status, i.outcome, i.attempt) for i in state.items.values()}
    assert {(row["id"], row["status"], row["outcome"], row["attempt"]) for row in rows["work_item"]} == items
    clocks = {(c.id, c.status, c.due_at, c.met_at, c.breached_at) for c in state.clocks.values()}
    told = {(row["id"], row["status"], row["due_at"], row["met_at"], row["breached_at"]) for row in rows["clock"]}
    assert told == clocks
    breaches = [row["clock"] for row in rows["case_event"] if row["kind"] == "clock.breached"]
    assert sorted(breaches) == sorted(c.id for c in state.clocks.values() if c.breached_at)


async def same_in_memory(story: Story, finding: Finding) -> None:
    """The kernel without a server, given the same report, misses the same limits by the same time."""
    other = Course(story, open_case(story))
    expected = misses(await other.run(), other.ended_at)
    found = finding.missed
    assert finding.unplaced == other.unplaced
    assert [(m.key, m.times, m.never) for m in found] == [(m.key, m.times, m.never) for m in expected]
    assert all(abs(a.late - b.late) <= A_MINUTE for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("case", published_cases(PROTECTION.key), ids=lambda case: case.id)
async def test_a_published_case_from_its_report_over_http_to_its_outcome(
    case: PublishedCase, going: dict[str, Going], capsys: pytest.CaptureFixture[str]
) -> None:
    way = going[case.id]
    async with asyncio.timeout(WAY_SECONDS):
        state = await way.end
    finding = Finding(case, state, misses(state, way.course.ended_at), way.course.unplaced)
    with capsys.disabled():
        print("", *finding.lines, sep="\n")  # noqa: T201 - the missed limits are what these cases are run for
    assert finding.goes_as_published
    await same_in_sql(way.office, state)
    await same_in_memory(way.story, finding)


@pytest.mark.parametrize("case", [c for c in CASES if c.process != PROTECTION.key], ids=lambda case: case.id)
async def test_a_case_of_another_process_is_taken_in_over_http(case: PublishedCase, going: dict[str, Going]) -> None:
    state = await going[case.id].end
    assert [item.task for item in open_items(state, p.ACCEPT)] == [p.ACCEPT]
    await same_in_sql(going[case.id].office, state)
