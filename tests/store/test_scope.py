"""What a list shows is exactly what a single look allows: one table of rights, two ways to ask."""

from collections.abc import Sequence
from itertools import product
from uuid import UUID, uuid4

import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlmodel import col

from domain.acts import Actor
from domain.permissions import CASE_RIGHTS, Verb, may, reaches
from domain.process import Role
from domain.state import CaseStatus
from store import scope
from store.database import Database
from store.queries.cases import CaseFilter, count_cases, get_case, get_case_by_number, get_cases, list_cases
from store.tables import Case, WorkItem
from tests.store.factory import NOW

TERRITORIES = ("22", "2201", "220104", "220104001", "220104001001", "220104002", "220122", "2202", "220202001", "2299")
INVOLVED = ((), ("police",), ("child_supervisor", "county_officer"), ("child_director", "police"), ("reporter",))
POSTS = st.sampled_from((*TERRITORIES, "", "23", "220104001002", "9", "220122100"))

KnownCases = dict[UUID, tuple[str, Sequence[str], CaseStatus]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(db: Database) -> KnownCases:
    """A case of every territory, involvement and status, each with one open item for the roles involved."""
    made: KnownCases = {uuid4(): case for case in product(TERRITORIES, INVOLVED, CaseStatus)}
    cases = [
        {"id": case_id, "number": str(case_id), "process": "protection", "version": 1, "territory": territory,
         "county": territory[:6], "status": status, "stage": "report", "round": 1, "hops": 0, "facts": {},
         "involved": list(involved), "rev": 1, "opened_at": NOW, "updated_at": NOW, "closed_at": NOW}
        for case_id, (territory, involved, status) in made.items()
    ]  # fmt: skip
    items = [
        {"case_id": case_id, "id": "i", "process": "protection", "task": "t", "round": 1, "tag": "1", "attempt": 1,
         "stage": "s", "status": "open", "held": False, "territory": territory, "roles": list(involved),
         "opened_at": NOW, "statutory": False, "outcome": "", "by_hand": False, "subject": "", "codes": {},
         "starts": {}, "rev": 1}
        for case_id, (territory, involved, _) in made.items()
    ]  # fmt: skip
    async with db.unit_of_work() as tx:
        await tx.execute(insert(Case), cases)
        await tx.execute(insert(WorkItem), items)
    return made


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=st.sampled_from(list(Role)), post=POSTS)
async def test_a_list_shows_exactly_what_a_single_look_allows(
    db: Database, known: KnownCases, role: Role, post: str
) -> None:
    actor = Actor(str(uuid4()), role, post)
    allowed = {
        case_id
        for case_id, (territory, involved, status) in known.items()
        if may(Verb.READ_CASE, role, post, territory, involved=involved, status=status)
    }
    async with db.read() as tx:
        listed = [case.id for case in (await list_cases(tx, actor, limit=1000)).rows]
        assert (await count_cases(tx, actor)).number == len(allowed)
        assert set(await get_cases(tx, actor, list(known))) == allowed
    assert set(listed) == allowed
    assert len(listed) == len(allowed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=st.sampled_from(list(Role)), post=POSTS, data=st.data())
async def test_a_single_case_is_found_exactly_when_it_may_be_read(
    db: Database, known: KnownCases, role: Role, post: str, data: st.DataObject
) -> None:
    case_id = data.draw(st.sampled_from(list(known)))
    territory, involved, status = known[case_id]
    allowed = bool(may(Verb.READ_CASE, role, post, territory, involved=involved, status=status))
    actor = Actor(str(uuid4()), role, post)
    async with db.read() as tx:
        assert (await get_case(tx, actor, case_id) is not None) == allowed
        assert (await get_case_by_number(tx, actor, str(case_id)) is not None) == allowed
        assert await get_case(tx, actor, uuid4()) is None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=st.sampled_from(list(Role)), post=POSTS)
async def test_work_is_listed_for_the_roles_it_asks_for_in_their_territory(
    db: Database, known: KnownCases, role: Role, post: str
) -> None:
    expected = {
        case_id
        for case_id, (territory, involved, _) in known.items()
        if role in CASE_RIGHTS[Verb.DO].roles and role.value in involved and reaches(post, territory)
    }
    async with db.read() as tx:
        rows = await tx.scalars(select(col(WorkItem.case_id)).where(scope.work(Actor("", role, post))))
    assert set(rows) == expected


async def test_narrowing_a_list_never_widens_it(db: Database, known: KnownCases) -> None:
    officer = Actor(str(uuid4()), Role.COUNTY_OFFICER, "220104")
    async with db.read() as tx:
        outside = await list_cases(tx, officer, CaseFilter(territory="2202"), limit=1000)
        wider = await list_cases(tx, officer, CaseFilter(territory="22"), limit=1000)
        plain = await list_cases(tx, officer, limit=1000)
    assert outside.rows == []
    assert wider.rows == plain.rows
