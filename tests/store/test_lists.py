"""Task lists, case lists and the inbox: order, tabs, pages, and as many statements for one row as for fifty."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import event, text

from domain.protection import PROTECTION
from domain.state import ClockStatus, Notice
from store.crypto import FieldCipher
from store.database import Database, Tx
from store.front_door import FrontDoor
from store.paging import BadPlace, Page, from_place, to_place
from store.projection import Projector
from store.queries import case_page, inbox, people
from store.queries.cases import CaseFilter, Order, board, count_cases, list_cases
from store.queries.work import Whose, count_tasks, my_tasks, overdue_tasks
from tests.store.factory import NOW, Folk, a_clock, a_report, a_step, an_act, an_item


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def empty(db: Database) -> AsyncIterator[None]:
    """Each test begins without cases."""
    async with db.unit_of_work() as tx:
        for table in ("cases", "work_item", "clock", "notice"):
            await tx.execute(text(f"DELETE FROM {table}"))
    yield


async def a_case(db: Database, hours: float | None = 24, **changes: object) -> UUID:
    """A case to accept, due in so many hours; None: no limit runs."""
    case_id = uuid4()
    clocks = [a_clock(hours=hours)] if hours is not None else []
    await Projector(db).write(a_step(case_id, clocks=clocks, items=[an_item("accept", **changes)]), PROTECTION)
    return case_id


async def all_pages(ask: Callable[[str], Awaitable[Page[Any]]]) -> list[Any]:
    """Every row of a list, page after page."""
    rows: list[Any] = []
    after = ""
    while True:
        page = await ask(after)
        rows += page.rows
        after = page.after
        if not after:
            return rows


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def test_the_most_urgent_legal_time_comes_first(db: Database, folk: Folk) -> None:
    hours: list[float | None] = [5, None, -20, 1, -2, 5]
    cases = [await a_case(db, h) for h in hours]
    async with db.read() as tx:
        rows = (await my_tasks(tx, folk["officer"].actor)).rows
    expected = sorted(range(6), key=lambda n: (hours[n] is None, hours[n] or 0, cases[n]))
    assert [row.case_id for row in rows] == [cases[n] for n in expected]
    assert rows[0].due_at == NOW - timedelta(hours=20)
    assert (rows[0].statutory, rows[0].rule, rows[-1].due_at, rows[-1].rule) == (True, "D-01@2026-01-01", None, None)


async def test_a_statutory_limit_goes_before_a_target_due_at_the_same_instant(db: Database, folk: Folk) -> None:
    case_id = uuid4()
    clocks = [a_clock(id="a", statutory=False, rule="target"), a_clock(id="b", statutory=True, rule="law")]
    await Projector(db).write(a_step(case_id, clocks=clocks), PROTECTION)
    async with db.read() as tx:
        (row,) = (await my_tasks(tx, folk["officer"].actor)).rows
    assert (row.statutory, row.rule) == (True, "law")


async def test_tasks_fall_into_the_tab_of_whoever_holds_them(db: Database, folk: Folk) -> None:
    officer, other = folk["officer"], folk["officer2"]
    mine = await a_case(db, holder=str(officer.id))
    others = await a_case(db, holder=str(other.id))
    free = await a_case(db)
    waiting = await a_case(db, holder=str(officer.id), held=True)
    expected = {Whose.MINE: mine, Whose.OTHERS: others, Whose.UNCLAIMED: free, Whose.WAITING: waiting}
    async with db.read() as tx:
        for whose, case_id in expected.items():
            assert [row.case_id for row in (await my_tasks(tx, officer.actor, whose)).rows] == [case_id]
        counts = await count_tasks(tx, officer.actor)
        assert [counts[whose].shown for whose in Whose] == ["1"] * 4
        assert len((await my_tasks(tx, officer.actor)).rows) == 4
        assert (await my_tasks(tx, folk["stranger"].actor)).rows == []
        assert (await my_tasks(tx, folk["police"].actor)).rows == []


async def test_overdue_is_the_limit_against_now_without_anything_having_fired(db: Database, folk: Folk) -> None:
    await a_case(db, hours=-24 * 365 * 100)
    await a_case(db, hours=24 * 365 * 100)
    async with db.read() as tx:
        assert (await overdue_tasks(tx, folk["officer"].actor)).number == 1
        assert (await count_cases(tx, folk["officer"].actor, CaseFilter(overdue=True))).number == 1


async def test_pages_of_tasks_show_each_row_once(db: Database, folk: Folk) -> None:
    cases = {await a_case(db, hours) for hours in (1, 1, 1, 2, None, None, None, -1)}
    async with db.read() as tx:
        rows = await all_pages(lambda after: my_tasks(tx, folk["officer"].actor, limit=3, after=after))
        whole = (await my_tasks(tx, folk["officer"].actor)).rows
    assert rows == whole
    assert {row.case_id for row in rows} == cases


@pytest.mark.parametrize("order", Order)
async def test_pages_of_cases_show_each_case_once(db: Database, folk: Folk, order: Order) -> None:
    cases = {await a_case(db, hours) for hours in (1, 1, 2, None, None, -1, 3)}
    async with db.read() as tx:
        rows = await all_pages(lambda after: list_cases(tx, folk["city"].actor, order=order, limit=2, after=after))
        whole = (await list_cases(tx, folk["city"].actor, order=order)).rows
    assert rows == whole
    assert {row.id for row in rows} == cases


async def test_a_list_of_cases_is_narrowed_by_each_field(db: Database, folk: Folk) -> None:
    await a_case(db)
    async with db.read() as tx:
        (case,) = (await list_cases(tx, folk["province"].actor)).rows
        fits = CaseFilter(case.status, "report", "red", "2201", "protection", case.number)
        assert (await list_cases(tx, folk["province"].actor, fits)).rows == [case]
        for other in (CaseFilter(stage="closing"), CaseFilter(colour="blue"), CaseFilter(process="adoption"),
                      CaseFilter(number="220104-2026-999999"), CaseFilter(territory="2202")):  # fmt: skip
            assert (await list_cases(tx, folk["province"].actor, other)).rows == []
        assert await board(tx, folk["province"].actor) == [("220104", "report", 1, 0)]


async def test_fifty_rows_take_as_many_statements_as_one(db: Database, folk: Folk, cipher: FieldCipher) -> None:
    officer, door = folk["officer"], FrontDoor(db, cipher)
    receipt = await door.accept_report(a_report())
    case_id = receipt.case_id
    await Projector(db).write(a_step(case_id, notices=[_notice(0)]), PROTECTION)
    await door.submit(an_act(case_id, officer))

    async def everything(tx: Tx) -> None:
        await my_tasks(tx, officer.actor)
        await count_tasks(tx, officer.actor)
        await list_cases(tx, officer.actor)
        await count_cases(tx, officer.actor)
        await case_page.events(tx, case_id)
        await case_page.items(tx, case_id)
        await case_page.clocks(tx, case_id)
        await case_page.reports(tx, cipher, case_id)
        await case_page.submissions(tx, cipher, case_id)
        await inbox.inbox(tx, officer.id)
        await people.units(tx, [folk.unit])

    async with db.read() as tx:
        with counted(db) as one:
            await everything(tx)
    for _ in range(50):
        await a_case(db)
        await door.submit(an_act(case_id, officer))
    items = [an_item("visit", id=f"visit.1.{n}") for n in range(50)]
    clocks = [a_clock(f"visit.1.{n}") for n in range(50)]
    notices = [_notice(n) for n in range(50)]
    await Projector(db).write(a_step(case_id, 2, items=items, clocks=clocks, notices=notices), PROTECTION)
    async with db.read() as tx:
        with counted(db) as fifty:
            await everything(tx)
    assert len(fifty) == len(one) == 11


def _notice(n: int) -> Notice:
    return Notice(f"c:r{n}", "county_officer", "220104", "accept.1.1", "c", breach=n % 2 == 1, at=NOW)


async def test_the_inbox_is_a_persons_own(db: Database, folk: Folk) -> None:
    case_id = uuid4()
    await Projector(db).write(a_step(case_id, notices=[_notice(n) for n in range(5)]), PROTECTION)
    officer, other = folk["officer"].id, folk["officer2"].id
    async with db.read() as tx:
        mine = await all_pages(lambda after: inbox.inbox(tx, officer, limit=2, after=after))
        theirs = (await inbox.inbox(tx, other)).rows
        assert (await inbox.inbox(tx, folk["stranger"].id)).rows == []
        assert (await inbox.count_unread(tx, officer)).number == 5
    assert len({row.id for row in mine}) == 5
    assert (mine[0].task, mine[0].item, mine[0].number[:7]) == ("accept", "accept.1.1", "220104-")
    async with db.unit_of_work() as tx:
        await inbox.mark_read(tx, officer, [mine[0].id, theirs[0].id])
    async with db.read() as tx:
        assert (await inbox.count_unread(tx, officer)).number == 4
        assert (await inbox.count_unread(tx, other)).number == 5
        assert mine[0].id not in {row.id for row in (await inbox.inbox(tx, officer, unread=True)).rows}
    async with db.unit_of_work() as tx:
        await inbox.mark_read(tx, officer)
    async with db.read() as tx:
        assert (await inbox.count_unread(tx, officer)).number == 0


async def test_a_notice_is_mailed_once_and_only_where_there_is_an_address(
    db: Database, folk: Folk, cipher: FieldCipher
) -> None:
    queue, officer = inbox.MailQueue(db, cipher), folk["officer"].id
    sealed = cipher.seal(people.contact_place(officer, "email_enc"), "a@b.example")
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE person SET email_enc = :e WHERE id = :p"), {"e": sealed, "p": officer})
    case_id = uuid4()
    await Projector(db).write(a_step(case_id, notices=[_notice(1)]), PROTECTION)
    (mail,) = await queue.take_unmailed(10)
    assert (mail.address, mail.case_id, mail.breach) == ("a@b.example", case_id, True)
    assert await queue.take_unmailed(10) == []
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE notice SET mail_after = now()"))
    assert [m.id for m in await queue.take_unmailed(10)] == [mail.id]
    await queue.mark_mailed(mail.id)
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE notice SET mail_after = now()"))
    assert await queue.take_unmailed(10) == []


async def test_the_page_of_a_case_shows_history_latest_first_and_running_clocks_first(db: Database, folk: Folk) -> None:
    case_id = uuid4()
    await Projector(db).write(a_step(case_id), PROTECTION)
    done = a_clock("accept.1.1", id="met", status=ClockStatus.MET, met_at=NOW)
    await Projector(db).write(a_step(case_id, 2, clocks=[done]), PROTECTION)
    async with db.read() as tx:
        history = await all_pages(lambda after: case_page.events(tx, case_id, limit=1, after=after))
        clocks = await case_page.clocks(tx, case_id)
        items = await case_page.items(tx, case_id)
    assert [(line.rev, line.seq, line.kind) for line in history] == [(1, 1, "item.opened"), (1, 0, "case.opened")]
    assert [clock.status for clock in clocks] == ["running", "met"]
    assert [item.task for item in items] == ["accept"]


async def test_reports_and_submissions_are_opened_for_a_reader(db: Database, folk: Folk, cipher: FieldCipher) -> None:
    door = FrontDoor(db, cipher)
    receipt = await door.accept_report(a_report(keep_secret=True))
    stored = await door.submit(an_act(receipt.case_id, folk["officer"]))
    bare = await door.submit(an_act(receipt.case_id, folk["officer"], content={}))
    async with db.read() as tx:
        (report,) = await case_page.reports(tx, cipher, receipt.case_id)
        acts = await case_page.submissions(tx, cipher, receipt.case_id)
        (named,) = await case_page.submissions(tx, cipher, receipt.case_id, [bare.id])
        who = await case_page.reporter(tx, cipher, receipt.report_id)
        assert await case_page.reporter(tx, cipher, uuid4()) is None
    assert (report.receipt, report.content["child_name"], report.keep_secret) == (receipt.number, "王小明", True)
    assert [(act.id, act.content) for act in acts] == [(stored.id, {"note": "已电话核实"}), (bare.id, {})]
    assert named.id == bare.id
    assert who == {"name": "李老师", "phone": "13800138000"}


@pytest.mark.parametrize("place", ["x", "====", "W10", to_place("a"), to_place("a", "b", "c"), "WzEsMl0"])
def test_a_place_changed_by_hand_is_refused(place: str) -> None:
    with pytest.raises(BadPlace):
        from_place(place, 2)
