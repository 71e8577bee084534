"""Among rivals for one item exactly one gets the ticket."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import insert, text

from domain.protection import PROTECTION
from store.claims import Claims
from store.database import Database
from store.projection import Projector
from store.tables import Person
from tests.store.factory import NOW, Folk, a_step, an_item

RIVALS, ROUNDS = 50, 20


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rivals(db: Database) -> list[UUID]:
    """Fifty people."""
    people = [uuid4() for _ in range(RIVALS)]
    rows = [
        {"id": p, "login": p.hex, "password_hash": "", "name_enc": b"", "active": True, "must_change": False,
         "created_at": NOW}
        for p in people
    ]  # fmt: skip
    async with db.unit_of_work() as tx:
        await tx.execute(insert(Person), rows)
    return people


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wide(pg_url: str) -> AsyncIterator[Database]:
    """As many connections as rivals, so that they meet in the database and not in the pool."""
    database = Database.connect(pg_url, pool_size=RIVALS, deadline_seconds=20)
    yield database
    await database.close()


async def test_of_fifty_rivals_exactly_one_wins_in_every_round(wide: Database, rivals: list[UUID]) -> None:
    claims = Claims(wide)
    for _ in range(ROUNDS):
        case_id = uuid4()
        holders = await asyncio.gather(*(claims.take_ticket(case_id, "accept.1.1", person) for person in rivals))
        winners = [person for person, holder in zip(rivals, holders, strict=True) if person == holder]
        assert len(winners) == 1
        assert set(holders) == set(winners)


async def test_one_person_may_ask_again_for_their_own_ticket(db: Database, folk: Folk) -> None:
    claims, case_id, officer = Claims(db), uuid4(), folk["officer"].id
    assert [await claims.take_ticket(case_id, "i", officer) for _ in range(3)] == [officer] * 3


async def test_a_dropped_ticket_is_free_and_another_cannot_drop_it(db: Database, folk: Folk) -> None:
    claims, case_id = Claims(db), uuid4()
    first, second = folk["officer"].id, folk["officer2"].id
    await claims.take_ticket(case_id, "i", first)
    await claims.drop_ticket(case_id, "i", second)
    assert await claims.take_ticket(case_id, "i", second) == first
    await claims.drop_ticket(case_id, "i", first)
    assert await claims.take_ticket(case_id, "i", second) == second


async def test_a_ticket_the_case_never_confirmed_goes_stale(db: Database, folk: Folk) -> None:
    claims, case_id = Claims(db), uuid4()
    first, second = folk["officer"].id, folk["officer2"].id
    await claims.take_ticket(case_id, "accept.1.1", first)
    await age(db, case_id)
    assert await claims.take_ticket(case_id, "accept.1.1", second) == second


async def test_a_ticket_the_case_confirmed_never_goes_stale(db: Database, folk: Folk) -> None:
    claims, case_id = Claims(db), uuid4()
    first, second = folk["officer"].id, folk["officer2"].id
    await claims.take_ticket(case_id, "accept.1.1", first)
    await Projector(db).write(a_step(case_id, items=[an_item(holder=str(first))]), PROTECTION)
    await age(db, case_id)
    assert await claims.take_ticket(case_id, "accept.1.1", second) == first


async def test_who_holds_an_item_without_a_ticket_keeps_it(db: Database, folk: Folk) -> None:
    claims, case_id, first = Claims(db), uuid4(), folk["officer"].id
    await Projector(db).write(a_step(case_id, items=[an_item(holder=str(first))]), PROTECTION)
    assert await claims.take_ticket(case_id, "accept.1.1", folk["officer2"].id) == first


async def age(db: Database, case_id: UUID) -> None:
    """A minute passes for the tickets of a case."""
    async with db.unit_of_work() as tx:
        query = text("UPDATE claim_ticket SET taken_at = taken_at - interval '1 minute' WHERE case_id = :c")
        await tx.execute(query, {"c": case_id})
