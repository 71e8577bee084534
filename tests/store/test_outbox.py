"""What is due is handed over once, oldest first, the acts of a case strictly in the order of receipt."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from domain.acts import Actor, RefusalCode, Refused
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor
from store.outbox import Outbox
from tests.store.conftest import count
from tests.store.factory import NOW, Folk, a_report, an_act


@pytest_asyncio.fixture(loop_scope="session")
async def outbox(db: Database) -> AsyncIterator[Outbox]:
    """An outbox with nothing left over from other tests."""
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE outbox SET done_at = now() WHERE done_at IS NULL"))
    yield Outbox(db)


@pytest.fixture
def door(db: Database, cipher: FieldCipher) -> FrontDoor:
    """The front door of this module's database."""
    return FrontDoor(db, cipher)


async def make_due(db: Database, *ids: int) -> None:
    """The lease or pause of these rows is over."""
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE outbox SET next_try_at = now() WHERE id = ANY(:ids)"), {"ids": list(ids)})


async def test_a_report_is_handed_over_as_facts_without_words(outbox: Outbox, door: FrontDoor) -> None:
    receipt = await door.accept_report(a_report(discovered_at=NOW - timedelta(days=1), received_at=NOW, omission=True))
    (row,) = await outbox.take_due()
    assert row.act is None and row.report is not None
    assert (row.case_id, row.received_at, row.attempts) == (receipt.case_id, NOW, 1)
    assert row.report.discovered_at == NOW - timedelta(days=1)
    assert (row.report.situation, row.report.colour, row.report.omission) == ("MULTI_INJURY", "red", True)


async def test_an_act_is_handed_over_as_the_kernel_knows_it(outbox: Outbox, door: FrontDoor, folk: Folk) -> None:
    officer = folk["officer"].actor
    act = an_act(uuid4(), folk["officer"], reason="r", other="o", clock="c", codes={"colour": "red"}, received_at=NOW)
    stored = await door.submit(act)
    (row,) = await outbox.take_due()
    assert row.act is not None
    assert (row.act.id, row.act.at, row.act.kind, row.act.outcome) == (str(stored.id), NOW, act.kind, "accept")
    assert row.act.actor == Actor(officer.person, officer.role, officer.territory)
    assert (row.act.reason, row.act.other, row.act.clock, row.act.codes) == ("r", "o", "c", {"colour": "red"})


async def test_the_oldest_case_comes_first(outbox: Outbox, door: FrontDoor) -> None:
    receipts = [await door.accept_report(a_report(received_at=NOW - timedelta(hours=n))) for n in range(5)]
    taken = await outbox.take_due(limit=3)
    assert [row.case_id for row in taken] == [r.case_id for r in reversed(receipts)][:3]


async def test_rows_of_one_case_come_one_after_the_other_in_the_order_of_receipt(
    outbox: Outbox, door: FrontDoor, folk: Folk
) -> None:
    case_id = uuid4()
    sent = [await door.submit(an_act(case_id, folk["officer"])) for _ in range(4)]
    order = []
    while rows := await outbox.take_due():
        assert len(rows) == 1
        assert not await outbox.take_due()
        order.append(rows[0].act.id if rows[0].act else "")
        await outbox.mark_done(rows[0].id)
    assert order == [str(s.id) for s in sent]


async def test_a_leased_row_is_nobody_elses_until_the_lease_ends(outbox: Outbox, door: FrontDoor, db: Database) -> None:
    for _ in range(12):
        await door.accept_report(a_report())
    shares = await asyncio.gather(*(outbox.take_due(limit=3) for _ in range(8)))
    taken = [row.id for share in shares for row in share]
    assert len(taken) == len(set(taken)) <= 12
    await make_due(db, taken[0])
    assert taken[0] in [row.id for row in await outbox.take_due()]


async def test_one_row_can_be_taken_by_name_unless_another_comes_before_it(
    outbox: Outbox, door: FrontDoor, folk: Folk
) -> None:
    case_id = uuid4()
    first, second = [await door.submit(an_act(case_id, folk["officer"])) for _ in range(2)]
    assert await outbox.take(second.id) is None
    row = await outbox.take(first.id)
    assert row is not None and row.act is not None and row.act.id == str(first.id)
    assert await outbox.take(first.id) is None
    await outbox.mark_done(row.id)
    assert await outbox.take(second.id) is not None
    assert await outbox.take(uuid4()) is None


async def test_a_row_that_keeps_failing_waits_longer_each_time_and_holds_up_no_other_case(
    outbox: Outbox, door: FrontDoor, db: Database
) -> None:
    await door.accept_report(a_report(received_at=NOW))
    (bad,) = await outbox.take_due()
    pauses = []
    for _ in range(12):
        await outbox.mark_failed(bad.id, "rpc_unavailable")
        async with db.read() as tx:
            query = text("SELECT extract(epoch FROM next_try_at - now()), last_error FROM outbox WHERE id = :id")
            pause, error = (await tx.execute(query, {"id": bad.id})).one()
        pauses.append(round(float(pause)))
        assert error == "rpc_unavailable"
        await make_due(db, bad.id)
        assert [row.id for row in await outbox.take_due()] == [bad.id]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    await outbox.mark_failed(bad.id, "rpc_unavailable")
    good = await door.accept_report(a_report())
    assert [row.case_id for row in await outbox.take_due()] == [good.case_id]
    backlog = await outbox.backlog()
    assert (backlog.waiting, backlog.oldest_at, backlog.struck) == (2, NOW, 1)


async def test_the_first_answer_to_an_act_stays(outbox: Outbox, door: FrontDoor, db: Database, folk: Folk) -> None:
    act = an_act(uuid4(), folk["officer"])
    stored = await door.submit(act)
    refused = Refused(RefusalCode.HELD_BY_OTHER, holder="p", open_items=("i",), changed_at=NOW)
    await outbox.mark_refused(stored.id, refused)
    await outbox.mark_applied(stored.id, 7)
    again = await door.submit(act)
    assert again.again and again.state == "refused" and again.rev is None
    assert again.refusal == {
        "code": "held_by_other", "holder": "p", "open_items": ["i"], "changed_at": str(NOW),
    }  # fmt: skip
    applied = await door.submit(an_act(act.case_id, folk["officer"]))
    await outbox.mark_applied(applied.id, 3)
    assert await count(db, "submission", f"id = '{applied.id}' AND state = 'applied' AND rev = 3") == 1


async def test_pending_counts_what_was_received_in_time_and_not_answered(
    outbox: Outbox, door: FrontDoor, folk: Folk
) -> None:
    case_id = uuid4()
    in_time = await door.submit(an_act(case_id, folk["officer"], received_at=NOW))
    await door.submit(an_act(case_id, folk["officer"], received_at=NOW + timedelta(seconds=1)))
    assert await outbox.pending_before(case_id, NOW) == 1
    assert await outbox.pending_before(case_id, NOW - timedelta(seconds=1)) == 0
    await outbox.mark_applied(in_time.id, 1)
    assert await outbox.pending_before(case_id, NOW) == 0


async def test_pending_waits_for_an_act_that_is_just_being_stored(outbox: Outbox, db: Database, folk: Folk) -> None:
    case_id = uuid4()
    async with db.unit_of_work() as tx:
        await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:c, 0))"), {"c": str(case_id)})
        asked = asyncio.create_task(outbox.pending_before(case_id, NOW))
        await blocked(db)
        assert not asked.done()
        await tx.execute(_SUBMISSION, {"id": uuid4(), "case": case_id, "person": folk["officer"].id, "at": NOW})
    assert await asked == 1


async def blocked(db: Database) -> None:
    """Returns as soon as somebody waits at the gate of a case."""
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    for _ in range(2000):
        if await count(db, "pg_locks", f"locktype = 'advisory' AND NOT granted AND database = {here}"):
            return
    raise AssertionError("nobody waited")


_SUBMISSION = text(
    """
    INSERT INTO submission (id, case_id, kind, item, task, clock, outcome, reason, other, codes, person_id, role,
                            territory, idem_key, body_hash, received_at, state)
    VALUES (:id, :case, 'do', '', '', '', '', '', '', '{}', :person, 'county_officer', '220104', 'k', '', :at,
            'pending')
    """
)
