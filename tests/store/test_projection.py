"""The read model says what the case told, once, whatever is repeated or overtaken."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Row, text

from domain.protection import PROTECTION
from domain.state import CaseStatus, ClockStatus, Event, ItemStatus, Notice, Projection
from store.claims import Claims
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor
from store.projection import Projector
from tests.store.conftest import count
from tests.store.factory import NOW, Folk, a_clock, a_report, a_step, an_act, an_item


async def row(db: Database, table: str, case_id: UUID, key: str = "case_id") -> Row[Any]:
    """The one row of a case in a table."""
    async with db.read() as tx:
        return (await tx.execute(text(f"SELECT * FROM {table} WHERE {key} = :id"), {"id": case_id})).one()


def a_life(case_id: UUID, officer: str) -> list[Projection]:
    """Opened, claimed, accepted with a new item, that withdrawn and the case closed."""
    claimed = an_item(holder=officer)
    done = an_item(status=ItemStatus.DONE, outcome="accept", done_at=NOW, done_by=officer, holder=officer)
    check = an_item("onsite_check", territory="220104001")
    return [
        a_step(case_id),
        a_step(case_id, 2, items=[claimed], events=[Event("item.claimed", NOW, person=officer, item="accept.1.1")]),
        a_step(
            case_id,
            3,
            stage="emergency",
            items=[done, check],
            clocks=[a_clock(status=ClockStatus.MET, met_at=NOW), a_clock("onsite_check.1.1", 4)],
            events=[Event("item.done", NOW, person=officer, item="accept.1.1", task="accept", outcome="accept")],
        ),
        a_step(
            case_id,
            4,
            status=CaseStatus.CLOSED,
            stage="closing",
            items=[replace(check, status=ItemStatus.WITHDRAWN)],
            clocks=[a_clock("onsite_check.1.1", 4, status=ClockStatus.WITHDRAWN)],
            events=[Event("case.closed", NOW + timedelta(hours=1))],
        ),
    ]


async def snapshot(db: Database, case_id: UUID) -> list[Any]:
    """All that the read model holds of a case, without its number and the instant of writing."""
    statements = (
        "SELECT to_jsonb(c) - 'number' - 'id' FROM cases c WHERE id = :id",
        "SELECT to_jsonb(w) - 'case_id' FROM work_item w WHERE case_id = :id ORDER BY id",
        "SELECT to_jsonb(k) - 'case_id' FROM clock k WHERE case_id = :id ORDER BY id",
        "SELECT to_jsonb(e) - 'case_id' - 'recorded_at' FROM case_event e WHERE case_id = :id ORDER BY rev, seq",
    )
    async with db.read() as tx:
        return [(await tx.scalars(text(statement), {"id": case_id})).all() for statement in statements]


async def test_every_order_of_the_same_steps_ends_in_the_same_rows(db: Database, folk: Folk) -> None:
    projector = Projector(db)
    officer = str(folk["officer"].id)
    straight = uuid4()
    for step in a_life(straight, officer):
        await projector.write(step, PROTECTION)
    expected = await snapshot(db, straight)
    for order in permutations(range(4)):
        case_id = uuid4()
        life = a_life(case_id, officer)
        for n in order:
            await projector.write(life[n], PROTECTION)
        assert await snapshot(db, case_id) == expected, order


async def test_a_repeated_step_changes_nothing(db: Database, folk: Folk) -> None:
    projector, case_id = Projector(db), uuid4()
    life = a_life(case_id, str(folk["officer"].id))
    for step in life:
        await projector.write(step, PROTECTION)
    before = await snapshot(db, case_id)
    audits = await count(db, "audit", f"object_id = '{case_id}'")
    for step in reversed(life):
        await projector.write(step, PROTECTION)
    assert await snapshot(db, case_id) == before
    assert await count(db, "audit", f"object_id = '{case_id}'") == audits


async def test_the_case_row_tells_stage_colour_roles_and_nearest_limit(db: Database) -> None:
    case_id = uuid4()
    await Projector(db).write(a_step(case_id), PROTECTION)
    case = await row(db, "cases", case_id, "id")
    assert (case.status, case.stage, case.colour, case.county) == ("open", "report", "red", "220104")
    assert case.number.startswith("220104-2026-")
    assert case.involved == ["county_officer", "protection_centre"]
    assert case.next_due_at == NOW + timedelta(hours=24)
    item = await row(db, "work_item", case_id)
    assert (item.stage, item.due_at, item.statutory) == ("report", NOW + timedelta(hours=24), True)


async def test_a_stopped_clock_makes_nothing_due(db: Database) -> None:
    projector, case_id = Projector(db), uuid4()
    await projector.write(a_step(case_id), PROTECTION)
    await projector.write(a_step(case_id, 2, clocks=[a_clock(status=ClockStatus.STOPPED)]), PROTECTION)
    assert (await row(db, "work_item", case_id)).due_at is None
    assert (await row(db, "cases", case_id, "id")).next_due_at is None


async def test_an_act_is_applied_and_audited_with_its_event(db: Database, folk: Folk, cipher: FieldCipher) -> None:
    case_id, officer = uuid4(), folk["officer"]
    await Projector(db).write(a_step(case_id), PROTECTION)
    act = await FrontDoor(db, cipher).submit(an_act(case_id, officer))
    event = Event("item.done", NOW, person=str(officer.id), role="county_officer", task="accept", act=str(act.id))
    await Projector(db).write(a_step(case_id, 2, events=[event, replace(event, kind="case.fact")]), PROTECTION)
    assert (await row(db, "submission", case_id)).state == "applied"
    assert (await row(db, "submission", case_id)).rev == 2
    assert await count(db, "audit", f"object_id = '{case_id}' AND result = 'applied' AND action = 'item.done'") == 1


async def test_a_notice_reaches_each_active_post_at_and_above_its_territory_once(db: Database, folk: Folk) -> None:
    case_id = uuid4()
    holder = f"person:{folk['police'].id}"
    told = [
        Notice("c:rung1", role, "220104", "accept.1.1", "c", breach=False, at=NOW)
        for role in ("county_officer", "provincial_supervisor", "child_supervisor", holder, f"person:{uuid4()}")
    ]
    for _ in range(2):
        await Projector(db).write(a_step(case_id, notices=told), PROTECTION)
    async with db.read() as tx:
        recipients = (await tx.scalars(text("SELECT recipient FROM notice WHERE case_id = :c"), {"c": case_id})).all()
    expected = {folk[name].id for name in ("officer", "officer2", "province", "police")}
    assert len(recipients) == 4
    assert set(recipients) == expected


async def test_feedback_reaches_the_report_and_the_reports_merged_in(db: Database, cipher: FieldCipher) -> None:
    projector, door = Projector(db), FrontDoor(db, cipher)
    first, second = await door.accept_report(a_report()), await door.accept_report(a_report())
    await projector.write(a_step(first.case_id), PROTECTION)
    merged = a_step(second.case_id, status=CaseStatus.MERGED, merged_into=str(first.case_id))
    await projector.write(merged, PROTECTION)
    told = Event("item.done", NOW, task="acknowledge", outcome="told", codes={"feedback": "accepted"})
    await projector.write(a_step(first.case_id, 2, events=[told]), PROTECTION)
    codes = f"feedback_code = 'accepted' AND id IN ('{first.report_id}', '{second.report_id}')"
    assert await count(db, "report", codes) == 2


async def test_a_release_frees_the_ticket_for_the_next(db: Database, folk: Folk) -> None:
    claims, case_id = Claims(db), uuid4()
    officer, officer2 = folk["officer"].id, folk["officer2"].id
    assert await claims.take_ticket(case_id, "accept.1.1", officer) == officer
    assert await claims.take_ticket(case_id, "accept.1.1", officer2) == officer
    released = a_step(
        case_id, 2, as_of=NOW + timedelta(days=3650), events=[Event("item.released", NOW, item="accept.1.1")]
    )
    await Projector(db).write(released, PROTECTION)
    assert await claims.take_ticket(case_id, "accept.1.1", officer2) == officer2


async def test_nothing_stays_of_a_step_that_fails_halfway(db: Database) -> None:
    case_id = uuid4()
    bad = a_step(case_id, clocks=[a_clock(kind="no_such_kind")])
    with pytest.raises(Exception, match="ck_clock_kind"):
        await Projector(db).write(bad, PROTECTION)
    for table, key in (("cases", "id"), ("case_event", "case_id"), ("work_item", "case_id")):
        assert await count(db, table, f"{key} = '{case_id}'") == 0


async def test_a_step_is_at_most_seven_statements(db: Database, folk: Folk) -> None:
    case_id = uuid4()
    told = Event("item.done", NOW, task="acknowledge", outcome="told", codes={"feedback": "accepted"})
    step = a_step(
        case_id,
        items=[an_item(task, status=ItemStatus.DONE) for task in ("accept", "acknowledge", "visit")],
        events=[told] * 20,
        notices=[Notice(f"k{n}", "county_officer", "220104", "", "", breach=True, at=NOW) for n in range(20)],
    )
    with patch.object(
        psycopg.AsyncConnection, "execute", autospec=True, side_effect=psycopg.AsyncConnection.execute
    ) as sent:
        await Projector(db).write(step, PROTECTION)
    assert sent.call_count == 7
