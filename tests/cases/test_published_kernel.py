"""The published cases in virtual time: every one goes its published way, by one table and without an exception."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain import protection_keys as p
from domain.protection import PROTECTION
from domain.state import ItemStatus
from tests.cases import answers, course, instants, report, story, table
from tests.cases.in_memory import open_case
from tests.cases.published import FILE, PublishedCase, published_cases
from tests.cases.story import tell
from tests.cases.table import TABLE, rows_for

PROTECTION_CASES = published_cases(PROTECTION.key)
OTHER_CASES = [case for case in published_cases() if case not in PROTECTION_CASES]
READERS = (answers, course, instants, story, table)


def ids(case: PublishedCase) -> str:
    """The name of a case in the list of tests."""
    return case.id


@pytest.mark.parametrize("case", PROTECTION_CASES, ids=ids)
async def test_a_published_case_goes_its_way_to_its_outcome(case: PublishedCase) -> None:
    finding = await report.follow(case)
    assert finding.goes_as_published
    done = {item.task for item in finding.state.items.values() if item.status is ItemStatus.DONE}
    told = {row.task for line in tell(case).after for row in rows_for(line.what) if not row.offered}
    assert told - {name.partition(".")[0] for name in finding.unplaced} <= done


async def test_every_published_act_has_a_place_in_its_case() -> None:
    findings = [await report.follow(case) for case in PROTECTION_CASES]
    assert {finding.case.id: finding.unplaced for finding in findings if finding.unplaced} == {}


@pytest.mark.parametrize("case", OTHER_CASES, ids=ids)
async def test_a_case_of_another_process_is_taken_in_as_a_report(case: PublishedCase) -> None:
    state = await open_case(tell(case)).state()
    assert [item.task for item in course.open_items(state, p.ACCEPT)] == [p.ACCEPT]


@pytest.mark.parametrize("case", published_cases(), ids=ids)
def test_dates_move_as_a_whole(case: PublishedCase) -> None:
    here, there = tell(case), tell(case, datetime(2026, 11, 25, 3, 7, tzinfo=UTC))
    assert [line.at - here.received for line in here.after] == [line.at - there.received for line in there.after]
    if here.discovered and there.discovered:
        assert here.received - here.discovered == there.received - there.discovered
    moved = [line.at for line in here.after]
    assert moved == sorted(moved) and moved[0] >= here.received


def test_every_row_of_the_table_is_used() -> None:
    used = {row for case in PROTECTION_CASES for line in tell(case).after for row in rows_for(line.what)}
    assert used == set(TABLE)


def test_no_reader_of_timelines_knows_a_case() -> None:
    for reader in READERS:
        source = Path(str(reader.__file__)).read_text(encoding="utf-8")
        words = [word for case in published_cases() for word in (case.id, case.child_name) if word]
        assert not [word for word in words if word in source]


async def test_the_page_of_missed_limits_is_current() -> None:
    assert report.PAGE.read_text(encoding="utf-8") == await report.page(), "run: python -m tests.cases.report"


def test_all_cases_are_there() -> None:
    assert FILE.exists() and len(PROTECTION_CASES) == 13 and len(OTHER_CASES) == 5
