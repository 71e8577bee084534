"""What a reporter learns, which cases point at the same child, and counting tries."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.matching import Strength, tokens
from domain.protection import PROTECTION
from domain.receipts import check_receipt, make_receipt
from domain.state import CaseStatus, Event, ItemStatus
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor, Receipt
from store.projection import Projector
from store.queries import links, rates, reports
from store.tables.case_link import LinkState
from tests.store.conftest import count
from tests.store.factory import NOW, Folk, a_report, a_step, an_item


@pytest.fixture
def door(db: Database, cipher: FieldCipher) -> FrontDoor:
    """The front door of this module's database."""
    return FrontDoor(db, cipher)


async def ask(db: Database, cipher: FieldCipher, number: str, code: str) -> reports.ReportStatus | None:
    """What the status page learns."""
    async with db.read() as tx:
        return await reports.status(tx, cipher, number, code)


async def test_number_and_code_open_the_status(db: Database, cipher: FieldCipher, door: FrontDoor) -> None:
    receipt = await door.accept_report(a_report(police_told=True))
    typed = receipt.number.lower().replace("-", " "), receipt.code.lower()
    status = await ask(db, cipher, *typed)
    assert status is not None and status.police_told
    assert (status.received_at, status.case_status, status.taken_in) == (receipt.received_at, None, False)


async def test_the_status_follows_the_case_and_the_case_it_was_merged_into(
    db: Database, cipher: FieldCipher, door: FrontDoor
) -> None:
    receipt, into = await door.accept_report(a_report()), uuid4()
    projector = Projector(db)
    taken = an_item(status=ItemStatus.DONE, outcome="merge")
    merged = a_step(receipt.case_id, status=CaseStatus.MERGED, merged_into=str(into), items=[taken])
    await projector.write(merged, PROTECTION)
    status = await ask(db, cipher, receipt.number, receipt.code)
    assert status is not None and status.taken_in and status.case_status is CaseStatus.MERGED
    closed = a_step(into, status=CaseStatus.CLOSED, events=[Event("case.closed", NOW)])
    await projector.write(closed, PROTECTION)
    status = await ask(db, cipher, receipt.number, receipt.code)
    assert status is not None and status.case_status is CaseStatus.CLOSED


async def test_unknown_wrong_and_malformed_are_answered_alike(
    db: Database, cipher: FieldCipher, door: FrontDoor
) -> None:
    receipt, other = await door.accept_report(a_report()), await door.accept_report(a_report())
    unknown = make_receipt(2**63 + 12345, 2026)
    assert check_receipt(unknown) == unknown
    for number, code in (
        (unknown, receipt.code),
        (receipt.number, other.code),
        (receipt.number, ""),
        (receipt.number, receipt.code[:-1]),
        ("", receipt.code),
        ("王小明", "王小明"),
        (receipt.number[:-1], receipt.code),
    ):
        assert await ask(db, cipher, number, code) is None


async def test_my_reports_are_those_filed_while_signed_in(db: Database, door: FrontDoor, folk: Folk) -> None:
    mine = await door.accept_report(a_report(actor=folk["officer"].actor))
    await door.accept_report(a_report(actor=folk["leader"].actor))
    async with db.read() as tx:
        assert [line.receipt for line in await reports.filed_by(tx, folk["officer"].id)] == [mine.number]


def about(name: str, year: int | None, territory: str = "220104001") -> dict[str, object]:
    """A report about a child of that name."""
    found = tokens(name, year, territory[:6])
    return {"tokens": found, "territory": territory}


async def filed(db: Database, door: FrontDoor, name: str, year: int | None, territory: str = "220104001") -> Receipt:
    """A report about a child, its case, and the links looked for."""
    receipt = await door.accept_report(a_report(**about(name, year, territory)))
    await Projector(db).write(a_step(receipt.case_id, territory=territory), PROTECTION)
    async with db.unit_of_work() as tx:
        await links.suggest(tx, receipt.case_id)
    return receipt


async def linked(db: Database, folk: Folk, case_id: UUID, who: str = "officer") -> dict[UUID, links.Link]:
    """The links of a case as somebody sees them."""
    async with db.read() as tx:
        return {link.other_id: link for link in await links.links(tx, folk[who].actor, case_id)}


async def test_a_child_known_under_an_earlier_report_is_linked_at_once(
    db: Database, door: FrontDoor, folk: Folk
) -> None:
    first = await filed(db, door, "欧阳晓峰", 2015)
    same = await filed(db, door, "欧阳晓峰", 2015)
    alike = await filed(db, door, "欧阳小锋", 2015)
    twin = await filed(db, door, "欧阳晓峰", 2011, "220122100")
    found = await linked(db, folk, first.case_id)
    assert found[same.case_id].strength is Strength.STRONG
    assert alike.case_id in found
    assert twin.case_id not in found
    other = found[same.case_id].other
    assert other is not None and other.id == same.case_id
    assert first.case_id in await linked(db, folk, same.case_id)


async def test_a_linked_case_out_of_reach_is_only_counted(db: Database, door: FrontDoor, folk: Folk) -> None:
    here = await filed(db, door, "慕容雪晴", 2016)
    there = await filed(db, door, "慕容雪晴", 2016, "220122100")
    assert (await linked(db, folk, here.case_id))[there.case_id].other is None
    assert (await linked(db, folk, here.case_id, "city"))[there.case_id].other is not None


async def test_a_decision_stays_whatever_is_found_again(db: Database, door: FrontDoor, folk: Folk) -> None:
    first = await filed(db, door, "尉迟建国", 2014)
    second = await filed(db, door, "尉迟建国", 2014)
    officer = folk["officer"].actor
    async with db.unit_of_work() as tx:
        assert await links.decide(tx, second.case_id, first.case_id, LinkState.DISMISSED, officer)
        assert not await links.decide(tx, second.case_id, uuid4(), LinkState.DISMISSED, officer)
        await links.suggest(tx, first.case_id)
    link = (await linked(db, folk, first.case_id))[second.case_id]
    assert (link.state, link.decided_by) == (LinkState.DISMISSED, folk["officer"].id)


async def test_a_report_without_a_name_is_linked_to_nothing(db: Database, door: FrontDoor, folk: Folk) -> None:
    assert await linked(db, folk, (await filed(db, door, "不详", 2015)).case_id) == {}


async def test_tries_are_counted_exactly_by_scope_and_key(db: Database, cipher: FieldCipher) -> None:
    counter, day = rates.Rates(db, cipher), timedelta(days=36500)
    hits = await asyncio.gather(*(counter.hit("login", "10.0.0.1", day) for _ in range(40)))
    assert sorted(number for number, _ in hits) == list(range(1, 41))
    assert all(0 < left <= day.total_seconds() for _, left in hits)
    assert (await counter.hit("login", "10.0.0.2", day))[0] == 1
    assert (await counter.hit("status", "10.0.0.1", day))[0] == 1
    assert await count(db, "rate_counter", "rate_counter::text LIKE '%10.0.0.%'") == 0
    await counter.forget(older_than=timedelta(days=-1))
    assert (await counter.hit("login", "10.0.0.1", day))[0] == 1
