"""Calendar import, reconciling, the trail, and the seed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from pwdlib import PasswordHash
from sqlalchemy import text

from domain.acts import ActKind
from domain.calendar import WorkCalendar, YearRow, seed_calendar, with_year
from domain.permissions import ROLE_TITLES
from domain.process import Role
from domain.protection import PROTECTION
from domain.state import ClockStatus
from domain.territory import Gazetteer
from store.crypto import FieldCipher
from store.database import Database
from store.errors import CalendarRefused, KeysDamaged
from store.front_door import FrontDoor
from store.keys import Keyring
from store.outbox import Outbox
from store.projection import Projector
from store.queries import audit, people, reconcile
from store.queries.calendar import clocks_that_would_move, import_calendar, load_calendar
from store.seed import DEMO_LOGINS, DEMO_PASSWORD, seed
from store.trail import Entry, Trace, record
from tests.store.conftest import count
from tests.store.factory import NOW, Folk, a_clock, a_report, a_step, an_act


def silent(what: str, done: int, total: int) -> None:
    """Progress nobody looks at."""


async def loaded(db: Database) -> WorkCalendar | None:
    """The calendar in force."""
    async with db.read() as tx:
        return await load_calendar(tx)


async def test_the_seed_can_be_repeated_and_lets_everybody_log_in(
    db: Database, pg_url: str, keyring: Keyring, cipher: FieldCipher
) -> None:
    shown: list[tuple[str, int, int]] = []
    logins = await seed(pg_url, keyring, demo=True, progress=lambda *step: shown.append(step))
    before = [await count(db, table) for table in ("person", "post", "unit", "work_day", "calendar_version")]
    assert await seed(pg_url, keyring, demo=True, progress=silent) == logins == DEMO_LOGINS
    assert [await count(db, table) for table in ("person", "post", "unit", "work_day", "calendar_version")] == before
    assert shown[-1] == ("people", len(DEMO_LOGINS), len(DEMO_LOGINS))
    today, hashes = date(2026, 11, 25), set[str]()
    async with db.read() as tx:
        for login in DEMO_LOGINS:
            found = await people.find_login(tx, login.name)
            assert found is not None and found.active and found.id == login.id
            hashes.add(found.password_hash)
            (post,) = await people.posts(tx, login.id, today)
            assert (post.role, post.territory) == (login.role, login.territory)
        assert all(PasswordHash.recommended().verify(DEMO_PASSWORD, stored) for stored in hashes)
        school = next(login for login in DEMO_LOGINS if login.unit.link)
        unit = await people.unit_of_link(tx, cipher, school.unit.link)
        assert unit is not None and unit.id == school.unit.id
        assert await people.unit_of_link(tx, cipher, "guessed") is None


def test_the_demonstration_has_every_role_and_two_counties_in_two_cities() -> None:
    assert {login.role for login in DEMO_LOGINS} == set(Role) - {Role.SYSTEM} == set(ROLE_TITLES) - {Role.SYSTEM}
    counties = {login.territory for login in DEMO_LOGINS if login.role is Role.COUNTY_LEADER}
    assert counties == {"220104", "220122", "220202"}
    assert all(Gazetteer.load().exists(login.territory) for login in DEMO_LOGINS)
    assert (
        len({login.name for login in DEMO_LOGINS}) == len({login.person for login in DEMO_LOGINS}) == len(DEMO_LOGINS)
    )


async def test_a_seed_with_other_keys_is_refused(pg_url: str, keyring: Keyring) -> None:
    await seed(pg_url, keyring, demo=False, progress=silent)
    with pytest.raises(KeysDamaged):
        await seed(pg_url, Keyring.generate(), demo=True, progress=silent)


async def test_the_calendar_comes_back_as_it_was_imported(db: Database, pg_url: str, keyring: Keyring) -> None:
    await seed(pg_url, keyring, demo=False, progress=silent)
    stored, fresh = await loaded(db), seed_calendar()
    assert stored == fresh
    with pytest.raises(CalendarRefused, match="in force already"):
        async with db.unit_of_work() as tx:
            await import_calendar(tx, fresh, "again")


async def test_a_new_year_replaces_no_other(db: Database, pg_url: str, keyring: Keyring) -> None:
    await seed(pg_url, keyring, demo=False, progress=silent)
    before = await loaded(db)
    assert before is not None
    year = before.known_through.year + 1
    new = with_year(before, [YearRow(date(year, 1, 1), is_workday=False, name="元旦")])
    async with db.unit_of_work() as tx:
        await import_calendar(tx, new, "notice", uuid4())
    assert await loaded(db) == new
    assert await count(db, "work_day", f"version = '{new.version}'") == 1
    corrected = with_year(new, [YearRow(date(year, 1, 2), is_workday=False, name="元旦")])
    async with db.unit_of_work() as tx:
        await import_calendar(tx, corrected, "notice")
    assert await loaded(db) == corrected
    assert await count(db, "work_day", f"extract(year from day) = {year}") == 1


async def test_clocks_that_would_move_are_the_open_ones_that_differ(db: Database) -> None:
    open_case, met_case = uuid4(), uuid4()
    await Projector(db).write(a_step(open_case), PROTECTION)
    met = a_clock(status=ClockStatus.MET, met_at=NOW)
    await Projector(db).write(a_step(met_case, clocks=[met]), PROTECTION)
    async with db.read() as tx:
        moves = await clocks_that_would_move(tx, lambda clock: clock.due_at + timedelta(days=1))
        assert await clocks_that_would_move(tx, lambda clock: clock.due_at) == []
        assert await clocks_that_would_move(tx, lambda _: None) == []
    mine = [move for move in moves if move.clock.case_id in {open_case, met_case}]
    assert [(move.clock.case_id, move.clock.task, move.clock.facts) for move in mine] == [
        (open_case, "accept", {"colour": "red"})
    ]
    assert mine[0].due_at == mine[0].clock.due_at + timedelta(days=1)


async def test_a_retiming_is_submitted_in_the_systems_name(db: Database, folk: Folk, cipher: FieldCipher) -> None:
    act = an_act(uuid4(), folk["administrator"], kind=ActKind.RETIME, item="", outcome="")
    assert (await FrontDoor(db, cipher).submit(act)).state == "pending"


async def test_what_never_reached_the_engine_is_found_and_handed_over_again(
    db: Database, folk: Folk, cipher: FieldCipher
) -> None:
    door, outbox, now = FrontDoor(db, cipher), Outbox(db), timedelta()
    receipt = await door.accept_report(a_report(received_at=NOW - timedelta(days=365)))
    stored = await door.submit(an_act(receipt.case_id, folk["officer"]))
    async with db.unit_of_work() as tx:
        await tx.execute(text("UPDATE outbox SET done_at = now() - interval '1 hour'"))
    async with db.unit_of_work() as tx:
        lost = [case for case in await reconcile.unborn_cases(tx) if case.case_id == receipt.case_id]
        assert [(case.report_id, case.handed_over) for case in lost] == [(receipt.report_id, True)]
        assert stored.id in {act.submission_id for act in await reconcile.unanswered(tx, older_than=now)}
        assert await reconcile.hand_over_again(tx, receipt.report_id)
        assert await reconcile.hand_over_again(tx, stored.id)
        assert not await reconcile.hand_over_again(tx, stored.id)
    taken = await outbox.take_due()
    assert [row.case_id for row in taken if row.case_id == receipt.case_id] == [receipt.case_id]
    await Projector(db).write(a_step(receipt.case_id), PROTECTION)
    async with db.read() as tx:
        assert receipt.case_id not in {case.case_id for case in await reconcile.unborn_cases(tx)}


async def test_known_cases_are_read_in_portions(db: Database) -> None:
    for _ in range(3):
        await Projector(db).write(a_step(uuid4()), PROTECTION)
    found, after = [], None
    async with db.read() as tx:
        while portion := await reconcile.known_cases(tx, after=after, limit=2):
            found += portion
            after = portion[-1].id
    assert len(found) == len({case.id for case in found}) == await count(db, "cases")


async def test_the_trail_is_read_latest_first_and_narrowed(db: Database, folk: Folk) -> None:
    case_id, officer = str(uuid4()), folk["officer"]
    async with db.unit_of_work() as tx:
        for action in ("case.read", "report.read", "case.read"):
            entry = Entry(action, "case", case_id, reason="task")
            await record(tx, entry, officer.actor, Trace("req-1", b"s"))
        await record(tx, Entry("calendar.import", "calendar", "2027.1"))
    async with db.read() as tx:
        mine = audit.AuditFilter(person_id=officer.id, object_kind="case", object_id=case_id)
        first = await audit.trail(tx, mine, limit=2)
        rest = await audit.trail(tx, mine, limit=2, after=first.after)
        reads = await audit.trail(tx, audit.AuditFilter(object_id=case_id, action="case.read"))
        system = await audit.trail(tx, audit.AuditFilter(object_kind="calendar"))
    lines = [*first.rows, *rest.rows]
    assert [line.action for line in lines] == ["case.read", "report.read", "case.read"]
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    assert (lines[0].role, lines[0].territory, lines[0].request_id, lines[0].reason) == (
        "county_officer", "220104", "req-1", "task",
    )  # fmt: skip
    assert len(reads.rows) == 2
    assert system.rows[0].person_id is None
