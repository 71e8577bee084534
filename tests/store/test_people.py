"""Logins, posts and sessions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from store.crypto import FieldCipher
from store.database import Database
from store.queries import people
from store.sessions import Opened, Sessions
from tests.store.factory import Folk

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def sessions(db: Database, cipher: FieldCipher) -> Sessions:
    """The sessions of this module's database."""
    return Sessions(db, cipher)


async def log_in(db: Database, sessions: Sessions, folk: Folk, name: str = "officer") -> Opened:
    """A session of that person in their post."""
    async with db.unit_of_work() as tx:
        return await sessions.open(tx, folk[name].id, folk[name].post, idle=IDLE, absolute=ABSOLUTE)


async def change(db: Database, statement: str, **parameters: object) -> None:
    """One statement by hand."""
    async with db.unit_of_work() as tx:
        await tx.execute(text(statement), parameters)


async def test_a_login_is_found_whatever_its_case(db: Database, folk: Folk) -> None:
    async with db.read() as tx:
        found = await people.find_login(tx, " Officer ")
        assert found is not None and found.id == folk["officer"].id
        assert await people.find_login(tx, "nobody") is None


async def test_a_session_knows_its_person_and_post(db: Database, folk: Folk, sessions: Sessions) -> None:
    opened = await log_in(db, sessions, folk)
    found = await sessions.find(opened.secret)
    assert found is not None and found.actor is not None
    assert (found.person_id, found.post_id, found.login) == (folk["officer"].id, folk["officer"].post, "officer")
    assert (found.actor.role, found.actor.territory) == ("county_officer", "220104")
    assert (found.csrf_token, found.id_hash) == (opened.csrf_token, opened.id_hash)


async def test_the_table_holds_no_secret_of_a_session(db: Database, folk: Folk, sessions: Sessions) -> None:
    opened = await log_in(db, sessions, folk)
    async with db.read() as tx:
        rows = (await tx.scalars(text("SELECT s::text FROM login_session s"))).all()
    assert not any(opened.secret in row for row in rows)
    assert await sessions.find(opened.id_hash.hex()) is None


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE login_session SET ended_at = now() WHERE id_hash = :s",
        "UPDATE login_session SET idle_until = now() WHERE id_hash = :s",
        "UPDATE login_session SET absolute_until = now() WHERE id_hash = :s",
        "UPDATE person SET active = false WHERE id = (SELECT person_id FROM login_session WHERE id_hash = :s)",
    ],
    ids=["logged out", "idle", "too old", "person inactive"],
)
async def test_a_session_that_has_ended_opens_nothing(
    db: Database, folk: Folk, sessions: Sessions, ending: str
) -> None:
    opened = await log_in(db, sessions, folk, "leader")
    assert await sessions.find(opened.secret) is not None
    await change(db, ending, s=opened.id_hash)
    assert await sessions.find(opened.secret) is None
    await change(db, "UPDATE person SET active = true")


async def test_a_post_that_ends_takes_the_role_with_the_next_request(
    db: Database, folk: Folk, sessions: Sessions
) -> None:
    opened = await log_in(db, sessions, folk, "police")
    await change(db, "UPDATE post SET valid_to = '2020-12-31' WHERE id = :p", p=folk["police"].post)
    found = await sessions.find(opened.secret)
    assert found is not None and found.actor is None
    async with db.read() as tx:
        assert await people.posts(tx, folk["police"].id, date(2026, 1, 1)) == []
        (then,) = await people.posts(tx, folk["police"].id, date(2020, 12, 31))
    assert (then.role, then.unit_name, then.actor.territory) == ("police", "民政局", "220104")


async def test_a_post_of_somebody_else_is_as_good_as_none(db: Database, folk: Folk, sessions: Sessions) -> None:
    opened = await log_in(db, sessions, folk)
    async with db.unit_of_work() as tx:
        await sessions.choose_post(tx, opened.id_hash, folk["province"].post)
    found = await sessions.find(opened.secret)
    assert found is not None and found.actor is None


async def test_being_seen_keeps_a_session_alive_but_not_beyond_its_age(
    db: Database, folk: Folk, sessions: Sessions
) -> None:
    opened = await log_in(db, sessions, folk)
    back = "seen_at = seen_at - interval '20 minutes', idle_until = idle_until - interval '20 minutes'"
    await change(db, f"UPDATE login_session SET {back} WHERE id_hash = :s", s=opened.id_hash)
    assert await sessions.find(opened.secret) is not None
    left = "SELECT idle_until - now() FROM login_session WHERE id_hash = :s"
    async with db.read() as tx:
        idle = await tx.scalar(text(left), {"s": opened.id_hash})
    assert timedelta(minutes=29) < idle <= IDLE


async def test_log_out_everywhere_leaves_the_one_at_hand(db: Database, folk: Folk, sessions: Sessions) -> None:
    opened = [await log_in(db, sessions, folk, "city") for _ in range(3)]
    async with db.unit_of_work() as tx:
        assert len(await sessions.of_person(tx, folk["city"].id)) == 3
        assert await sessions.end_all(tx, folk["city"].id, keep=opened[0].id_hash) == 2
    assert await sessions.find(opened[0].secret) is not None
    assert await sessions.find(opened[1].secret) is None
    async with db.unit_of_work() as tx:
        await sessions.end(tx, opened[0].id_hash)
    assert await sessions.find(opened[0].secret) is None


async def test_names_are_opened_for_pages(db: Database, folk: Folk, cipher: FieldCipher) -> None:
    person = folk["officer"].id
    sealed = cipher.seal(people.contact_place(person, "name_enc"), "郑文")
    await change(db, "UPDATE person SET name_enc = :n WHERE id = :p", n=sealed, p=person)
    async with db.read() as tx:
        assert await people.names(tx, cipher, [person]) == {person: "郑文"}
        assert await people.names(tx, cipher, []) == {}
        assert (await people.units(tx, [folk.unit]))[folk.unit].name == "民政局"
