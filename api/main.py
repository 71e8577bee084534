"""The web process: opens what the pages stand on, serves until it is told to stop."""

import asyncio
import contextlib
import ctypes
import gc
import hmac
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import uvicorn
from fastapi import FastAPI

import settings as environment
from activities.calendar import CalendarWatch
from api.app import create_app
from api.commands import Commands
from api.passwords import Passwords
from api.receipts import ReceiptClocks
from api.services import Backend, Services, WebSettings
from domain.rules import BadPack, RuleBook, pack_paths
from domain.territory import Gazetteer
from engine import connect, payload_keys
from programs import PARENT_DEATH_SIGNAL, StartProblem
from relay import Relay
from settings import Settings
from store.canary import check_keys
from store.claims import Claims
from store.crypto import FieldCipher
from store.database import Database
from store.errors import DatabaseUnavailable
from store.front_door import FrontDoor
from store.keys import KeyDomain, Keyring
from store.outbox import Outbox
from store.queries.rates import Rates
from store.sessions import Sessions

KEEP_ALIVE_SECONDS = 65
"""Longer than a proxy keeps its side open, so that it is never the first to find a closed connection."""

GRACE_SECONDS = 20


def web_settings(settings: Settings, keyring: Keyring) -> WebSettings:
    """The shell's settings; the key of form tokens is derived from the session key, so all processes have the same."""
    _, key = keyring.current(KeyDomain.SESSION)
    return WebSettings(
        csrf_key=hmac.digest(key, b"shouwang form tokens", "sha256"),
        secure_cookies=settings.cookie_secure,
        trusted_origins=frozenset({settings.origin}),
    )


@asynccontextmanager
async def open_backend(settings: Settings, keyring: Keyring, book: RuleBook) -> AsyncIterator[Backend]:
    """Everything behind the pages. A database or engine that is away is waited for later, by whoever needs it.

    Raises KeysDamaged when the database was written with other keys.
    """
    cipher = FieldCipher(keyring)
    db = Database.connect(settings.database_url, pool_size=settings.database_pool_size)
    stop = asyncio.Event()
    calendar = CalendarWatch(db)
    watch: asyncio.Task[None] | None = None
    try:
        with contextlib.suppress(DatabaseUnavailable):
            await check_keys(db, cipher)
        await calendar.refresh()
        watch = asyncio.create_task(calendar.run(stop))
        client = await connect(settings, payload_keys(keyring), lazy=True)
        front_door, outbox = FrontDoor(db, cipher), Outbox(db)
        relay = Relay(outbox, client, settings.temporal_task_queue)
        yield Backend(
            settings=settings,
            db=db,
            keyring=keyring,
            cipher=cipher,
            front_door=front_door,
            outbox=outbox,
            commands=Commands(front_door, outbox, Claims(db), relay, client),
            client=client,
            book=book,
            gazetteer=Gazetteer.load(),
            calendar=calendar.current,
            receipt_clocks=ReceiptClocks(book, calendar.current),
            sessions=Sessions(db, cipher),
            rates=Rates(db, cipher),
            passwords=Passwords(),
        )
    finally:
        stop.set()
        if watch is not None:
            await watch
        await db.close()


def build(settings: Settings) -> FastAPI:
    """The application of one process. Raises KeysMissing, KeysDamaged, BadPack before anything is opened."""
    keyring = Keyring.load(settings.keys)
    book = RuleBook.load(pack_paths(settings.rules))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_backend(settings, keyring, book) as backend:
            app.state.services = replace(app.state.services, backend=backend)
            # What is loaded now stays: the collector need not walk it again at every request.
            gc.collect()
            gc.freeze()
            yield

    return create_app(Services(web_settings(settings, keyring)), lifespan=lifespan)


def app_from_env() -> FastAPI:
    """The application of a process that was started by ``serve``."""
    _end_with_parent()
    return build(environment.load())


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    Raises StartProblem, KeysMissing, KeysDamaged: said once, here, and not by every process again and again.
    """
    try:
        build(settings)
    except BadPack as problem:
        raise StartProblem(str(problem)) from None
    asyncio.run(_prove_keys(settings))
    os.environ.update(
        DATABASE_URL=settings.database_url,
        TEMPORAL_ADDRESS=settings.temporal_target,
        DATA_DIR=str(settings.data_dir),
        KEY_FILE=str(settings.keys),
    )
    uvicorn.run(
        "api.main:app_from_env",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.api_workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level=settings.log_level,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _prove_keys(settings: Settings) -> None:
    db = Database.connect(settings.database_url, pool_size=1)
    try:
        with contextlib.suppress(DatabaseUnavailable):
            await check_keys(db, FieldCipher(Keyring.load(settings.keys)))
    finally:
        await db.close()


def _end_with_parent() -> None:
    """A process whose parent was killed outright would hold the port for ever."""
    if multiprocessing.parent_process() is not None:
        ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, int(signal.SIGTERM))
