"""The worker: carries cases on, hands over what the front door has stored, and sends the notices by mail."""

import asyncio
import contextlib
import signal

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.calendar import CalendarWatch
from activities.clocks import Clockmaker
from activities.mail import Mailer
from activities.project import ReadModel
from domain.rules import RuleBook, pack_paths
from engine import connect, ensure_search_attributes, payload_keys, worker_options
from relay import Relay
from settings import Settings
from store.canary import check_keys
from store.crypto import FieldCipher
from store.database import Database
from store.keys import Keyring
from store.outbox import Outbox
from store.queries.inbox import MailQueue
from workflows.case import CaseWorkflow

log = structlog.get_logger()
PATIENCE_SECONDS = 2.0


async def run(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Work until ``stop`` is set or a signal comes. Raises BadPack or KeysMissing before anything is started."""
    stop = stop or _stop_on_signal()
    book = RuleBook.load(pack_paths(settings.rules))
    keyring = Keyring.load(settings.keys)
    db = Database.connect(settings.database_url, pool_size=settings.database_pool_size)
    try:
        client = await _patient_connect(settings, keyring, stop)
        if client is None:
            return
        await ensure_search_attributes(client)
        calendar = CalendarWatch(db)
        await calendar.refresh()
        cipher = FieldCipher(keyring)
        await check_keys(db, cipher)
        mailer = Mailer(MailQueue(db, cipher), settings)
        relay = Relay(Outbox(db), client, settings.temporal_task_queue)
        clocks = Clockmaker(book, calendar.current, calendar.refresh)
        async with temporal_worker(settings, client, ReadModel(db, cipher), clocks):
            log.info("worker.ready")
            await asyncio.gather(relay.run(stop), calendar.run(stop), mailer.run(stop))
    finally:
        await db.close()


def temporal_worker(settings: Settings, client: Client, read_model: ReadModel, clocks: Clockmaker) -> Worker:
    """The worker of cases, not yet running."""
    return Worker(
        client,
        workflows=[CaseWorkflow],
        activities=[clocks.arm_clocks, read_model.project, read_model.count_unheard],
        **worker_options(settings),
    )


async def _patient_connect(settings: Settings, keyring: Keyring, stop: asyncio.Event) -> Client | None:
    """A connected client; waits for a server that is not up yet. None when asked to stop meanwhile."""
    while not stop.is_set():
        try:
            return await connect(settings, payload_keys(keyring))
        except RuntimeError:
            log.warning("worker.engine_away", address=settings.temporal_target)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PATIENCE_SECONDS)
    return None


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
