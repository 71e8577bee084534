"""The whole engine: real PostgreSQL, real Temporal on the wall clock, the real worker and relay."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import pytest_asyncio
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

import worker
from activities.calendar import CalendarWatch
from activities.clocks import Clockmaker
from activities.project import ReadModel
from api.commands import Commands, Request
from domain.acts import ActKind, Actor
from domain.process import Role
from domain.rules import RuleBook, pack_paths
from embedded import temporal_binary
from engine import data_converter, ensure_search_attributes, payload_keys
from relay import Relay
from settings import Settings, load
from store.claims import Claims
from store.crypto import FieldCipher
from store.database import Database
from store.demo import DEMO_LOGINS
from store.front_door import FrontDoor, NewReport, Receipt
from store.keys import Keyring
from store.outbox import Outbox
from store.queries import cases, work
from store.queries.cases import CaseView
from store.seed import seed

T = TypeVar("T")
TOWNSHIP = "220104001"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wall_clock() -> AsyncIterator[tuple[WorkflowEnvironment, Keyring]]:
    """A server on the wall clock for one database, and the keys its payloads are sealed with."""
    keyring = Keyring.generate()
    environment = await WorkflowEnvironment.start_local(
        data_converter=data_converter(payload_keys(keyring)),
        dev_server_existing_path=temporal_binary(),
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        await ensure_search_attributes(environment.client)
        yield environment, keyring


@dataclass
class Engine:
    """Everything between a request and the read model."""

    settings: Settings
    db: Database
    client: Client
    door: FrontDoor
    outbox: Outbox
    relay: Relay
    commands: Commands

    async def report(self, **given: object) -> Receipt:
        """A report of the nine situations from a township of the seed."""
        report = {
            "territory": TOWNSHIP,
            "situation": "ABANDONED_UNATTENDED",
            "danger": "no",
            "age_band": "under_8",
            "care": "unattended",
            "colour": "red",
            "triage_row": "R1",
            "police_told": False,
            "content": {"narrative": "孩子独自在家"},
            **given,
        }
        return await self.door.accept_report(NewReport(**report))  # type: ignore[arg-type]  # the tests name real fields

    async def reported(self) -> UUID:
        """A case of the read model, from its report."""
        receipt = await self.report()
        await self.relay.hand_over_due()
        await self.until(lambda: self.case(receipt.case_id))
        return receipt.case_id

    async def case(self, case_id: UUID) -> CaseView | None:
        """The case as a county officer sees it."""
        async with self.db.read() as tx:
            return await cases.get_case(tx, officer("county1"), case_id)

    async def item(self, case_id: UUID, task: str) -> work.Work | None:
        """The open item of a task, as the county's list shows it."""
        async with self.db.read() as tx:
            page = await work.my_tasks(tx, officer("county1"))
        return next((w for w in page.rows if w.case_id == case_id and w.task == task), None)

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """What ``look`` finds once it is there."""
        async with asyncio.timeout(20):
            while (found := await look()) is None or found is False:
                await self.db.ping()
        return found


def officer(login: str) -> Actor:
    """A person of the seed in the first of their posts."""
    found = next(person for person in DEMO_LOGINS if person.name == login)
    return Actor(str(found.id), Role(found.role), found.unit.territory, str(found.unit.id))


def accept() -> Request:
    """The form of acceptance, filled in."""
    key = str(uuid4())
    return Request(ActKind.DO, item="accept.1.1", outcome="accept", content={"note": "情况属实"}, key=key)


@asynccontextmanager
async def running(
    pg_url: str, environment: WorkflowEnvironment, keyring: Keyring, folder: Path
) -> AsyncIterator[Engine]:
    """An engine whose worker runs; the relay runs when a test says so."""
    queue = f"engine {pg_url.rpartition('/')[2]}"  # of the database, so that every test of a module serves its cases
    key_file = folder / "keys.json"
    keyring.write_new(key_file)
    settings = load(data_dir=folder, database_url=pg_url, temporal_task_queue=queue, key_file=key_file)
    db, cipher = Database.connect(pg_url), FieldCipher(keyring)
    outbox, door = Outbox(db), FrontDoor(db, cipher)
    relay = Relay(outbox, environment.client, queue)
    commands = Commands(door, outbox, Claims(db), relay, environment.client)
    calendar = CalendarWatch(db)
    clocks = Clockmaker(RuleBook.load(pack_paths(settings.rules)), calendar.current, calendar.refresh)
    async with worker.temporal_worker(settings, environment.client, ReadModel(db, cipher), clocks):
        yield Engine(settings, db, environment.client, door, outbox, relay, commands)
    await db.close()


@pytest_asyncio.fixture
async def engine(pg_url: str, wall_clock: tuple[WorkflowEnvironment, Keyring], tmp_path: Path) -> AsyncIterator[Engine]:
    """A seeded engine."""
    environment, keyring = wall_clock
    await seed(pg_url, keyring, demo=True, progress=lambda *_: None)
    async with running(pg_url, environment, keyring, tmp_path) as found:
        yield found
