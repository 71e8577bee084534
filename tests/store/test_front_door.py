"""Stored with its audit and hand-over rows or not at all; the same key gives the same receipt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.acts import ActKind
from domain.receipts import check_lookup_code, check_receipt
from store.crypto import FieldCipher
from store.database import Database, Wire
from store.errors import (
    DatabaseUnavailable,
    DiscoveredTooLate,
    IdempotencyConflict,
    RowRefused,
    UnknownReference,
)
from store.front_door import FrontDoor
from tests.store.conftest import count
from tests.store.factory import NOW, Folk, a_report, an_act

TABLES = ("report", "reporter", "child_token", "audit", "outbox", "submission")


@pytest.fixture
def door(db: Database, cipher: FieldCipher) -> FrontDoor:
    """The front door of this module's database."""
    return FrontDoor(db, cipher)


async def counts(db: Database) -> dict[str, int]:
    """Rows of every table the front door writes."""
    return {table: await count(db, table) for table in TABLES}


async def test_a_report_is_stored_with_reporter_tokens_audit_and_hand_over(door: FrontDoor, db: Database) -> None:
    before = await counts(db)
    receipt = await door.accept_report(a_report())
    after = await counts(db)
    grown = {table: after[table] - before[table] for table in TABLES}
    assert grown == {"report": 1, "reporter": 1, "child_token": 2, "audit": 1, "outbox": 1, "submission": 0}
    assert check_receipt(receipt.number) == receipt.number
    assert check_lookup_code(receipt.code) == receipt.code
    assert not receipt.again
    assert abs(receipt.received_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_an_anonymous_report_has_no_reporter_row(door: FrontDoor, db: Database) -> None:
    receipt = await door.accept_report(a_report(reporter=None))
    assert await count(db, "reporter", f"report_id = '{receipt.report_id}'") == 0


async def test_thirty_parallel_posts_of_one_key_are_one_report(door: FrontDoor, db: Database) -> None:
    report = a_report()
    receipts = await asyncio.gather(*(door.accept_report(report) for _ in range(30)))
    assert len({(r.number, r.code, r.report_id, r.case_id, r.received_at) for r in receipts}) == 1
    assert [r.again for r in receipts].count(False) == 1
    assert await count(db, "report", f"idem_key = '{report.idempotency_key}'") == 1
    assert await count(db, "outbox", f"case_id = '{receipts[0].case_id}'") == 1
    assert await count(db, "audit", f"object_id = '{receipts[0].report_id}'") == 1


async def test_the_same_key_with_another_body_is_refused_and_the_first_stays(door: FrontDoor, db: Database) -> None:
    report = a_report()
    first = await door.accept_report(report)
    for changed in (replace(report, content={"what": "别的"}), replace(report, reporter={"name": "别人"})):
        with pytest.raises(IdempotencyConflict):
            await door.accept_report(changed)
    assert await door.accept_report(report) == replace(first, again=True)
    assert await count(db, "report", f"idem_key = '{report.idempotency_key}'") == 1


async def test_two_units_may_choose_the_same_key(door: FrontDoor, folk: Folk) -> None:
    report = a_report(actor=folk["officer"].actor)
    other = replace(report, actor=folk["leader"].actor)
    assert (await door.accept_report(report)).number != (await door.accept_report(other)).number


async def test_a_report_without_a_key_is_never_taken_for_another(door: FrontDoor) -> None:
    report = a_report(idempotency_key="")
    assert (await door.accept_report(report)).number != (await door.accept_report(report)).number


@pytest.mark.parametrize("table", ["report", "reporter", "child_token", "audit", "outbox"])
async def test_nothing_is_stored_when_any_one_row_cannot_be(door: FrontDoor, db: Database, table: str) -> None:
    before = await counts(db)
    async with a_failing_insert(db, table):
        with pytest.raises(RowRefused):
            await door.accept_report(a_report())
    assert await counts(db) == before


@pytest.mark.parametrize("table", ["submission", "audit", "outbox"])
async def test_nothing_of_an_act_is_stored_when_any_one_row_cannot_be(
    door: FrontDoor, db: Database, folk: Folk, table: str
) -> None:
    before = await counts(db)
    async with a_failing_insert(db, table):
        with pytest.raises(RowRefused):
            await door.submit(an_act(uuid4(), folk["officer"]))
    assert await counts(db) == before


@asynccontextmanager
async def a_failing_insert(db: Database, table: str) -> AsyncIterator[None]:
    """Inserts into a table fail inside the block."""
    async with db.unit_of_work() as tx:
        await tx.execute(
            text("CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''fault''; END'")
        )
        await tx.execute(text(f"CREATE TRIGGER fault AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()"))
    try:
        yield
    finally:
        async with db.unit_of_work() as tx:
            await tx.execute(text("DROP FUNCTION fault() CASCADE"))


async def test_a_commit_whose_answer_was_lost_is_found_again_by_its_key(door: FrontDoor, db: Database) -> None:
    report = a_report()
    with patch.object(Database, "statement", lost_once(db.statement)):
        receipt = await door.accept_report(report)
    assert not receipt.again
    assert await count(db, "report", f"receipt = '{receipt.number}'") == 1
    assert (await door.accept_report(report)).number == receipt.number


def lost_once(statement: Callable[[], object]) -> Callable[[Database], object]:
    """Runs statements; the answer of the first one never arrives."""
    lost: list[bool] = []

    @asynccontextmanager
    async def losing(_: Database) -> AsyncIterator[Wire]:
        async with statement() as wire:  # type: ignore[attr-defined]
            yield wire
        if not lost:
            lost.append(True)
            raise DatabaseUnavailable("cut")

    return losing


async def test_a_receipt_number_drawn_twice_is_drawn_again(door: FrontDoor) -> None:
    with patch("store.front_door.secrets.randbits", side_effect=[7, 7, 8]):
        first, second = await door.accept_report(a_report()), await door.accept_report(a_report())
    assert first.number != second.number


async def test_words_and_names_are_nowhere_in_the_rows(door: FrontDoor, db: Database, folk: Folk) -> None:
    receipt = await door.accept_report(a_report())
    await door.submit(an_act(receipt.case_id, folk["officer"], content={"note": "王小明的母亲"}))
    async with db.read() as tx:
        for table in TABLES:
            for row in await tx.scalars(text(f"SELECT t::text FROM {table} t")):
                for secret in ("王小明", "李老师", "13800138000", "多处受伤"):
                    assert secret not in row
                    assert secret.encode().hex() not in row


async def test_a_discovery_after_the_report_is_refused_by_name(door: FrontDoor) -> None:
    with pytest.raises(DiscoveredTooLate):
        await door.accept_report(a_report(received_at=NOW, discovered_at=NOW + timedelta(seconds=1)))


async def test_an_unknown_unit_is_refused_by_name(door: FrontDoor) -> None:
    with pytest.raises(UnknownReference):
        await door.accept_report(a_report(unit=uuid4()))


async def test_a_report_entered_later_keeps_its_own_instant(door: FrontDoor) -> None:
    assert (await door.accept_report(a_report(received_at=NOW))).received_at == NOW


async def test_thirty_parallel_sendings_of_one_act_are_one_submission(
    door: FrontDoor, db: Database, folk: Folk
) -> None:
    act = an_act(uuid4(), folk["officer"])
    sent = await asyncio.gather(*(door.submit(act) for _ in range(30)))
    assert len({(s.id, s.received_at) for s in sent}) == 1
    assert [s.again for s in sent].count(False) == 1
    assert await count(db, "submission", f"case_id = '{act.case_id}'") == 1
    assert await count(db, "outbox", f"case_id = '{act.case_id}'") == 1


async def test_an_act_with_a_used_key_and_another_body_is_refused(door: FrontDoor, folk: Folk) -> None:
    act = an_act(uuid4(), folk["officer"])
    await door.submit(act)
    for changed in (replace(act, outcome="screen_out"), replace(act, case_id=uuid4()), replace(act, content={})):
        with pytest.raises(IdempotencyConflict):
            await door.submit(changed)


async def test_two_people_may_choose_the_same_key_for_their_acts(door: FrontDoor, folk: Folk) -> None:
    act = an_act(uuid4(), folk["officer"])
    other = replace(act, actor=folk["officer2"].actor)
    assert (await door.submit(act)).id != (await door.submit(other)).id


@pytest.mark.parametrize("kind", [ActKind.CLAIM, ActKind.RELEASE])
async def test_what_only_makes_sense_at_once_is_never_stored(door: FrontDoor, folk: Folk, kind: ActKind) -> None:
    with pytest.raises(ValueError, match="at once"):
        await door.submit(an_act(uuid4(), folk["officer"], kind=kind))


async def test_acts_on_one_case_are_received_in_the_order_in_which_they_are_stored(
    door: FrontDoor, db: Database, folk: Folk
) -> None:
    case_id = uuid4()

    async def one() -> None:
        await door.submit(an_act(case_id, folk["officer"]))

    sending: list[Awaitable[None]] = [one() for _ in range(40)]
    await asyncio.gather(*sending)
    async with db.read() as tx:
        query = text("SELECT due_first FROM outbox WHERE case_id = :c ORDER BY id")
        instants = (await tx.scalars(query, {"c": case_id})).all()
    assert instants == sorted(instants)
