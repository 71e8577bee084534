"""One place commits; a deadline holds even against a frozen server; errors say nothing about values."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from store.crypto import FieldCipher
from store.database import Database, driver_url
from store.errors import DatabaseUnavailable, RowRefused, StoreError, UnknownReference
from store.front_door import FrontDoor
from tests.store.conftest import count
from tests.store.factory import a_report

DEADLINE_SECONDS = 0.5
_TRAIL = text("INSERT INTO audit (action, object_kind, object_id, result) VALUES ('look', 'case', '1', 'ok')")


@pytest_asyncio.fixture(loop_scope="session")
async def hasty(pg_url: str) -> AsyncIterator[Database]:
    """Two connections and little patience."""
    database = Database.connect(pg_url, pool_size=2, deadline_seconds=DEADLINE_SECONDS)
    yield database
    await database.close()


@asynccontextmanager
async def connected(url: str, pool_size: int, deadline_seconds: float = 4) -> AsyncIterator[Database]:
    """A database of the test's own, closed whatever happens: an open pool keeps the process from ending."""
    database = Database.connect(url, pool_size=pool_size, deadline_seconds=deadline_seconds)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process does nothing inside the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def _write_then_fail(db: Database) -> None:
    async with db.unit_of_work() as tx:
        await tx.execute(text("INSERT INTO key_canary VALUES ('x', '')"))
        raise ZeroDivisionError


async def test_a_block_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await _write_then_fail(db)
    assert await count(db, "key_canary") == 0


async def test_a_read_block_cannot_write(db: Database) -> None:
    with pytest.raises(RowRefused, match="ReadOnlySqlTransaction"):
        async with db.read() as tx:
            await tx.execute(text("INSERT INTO key_canary VALUES ('x', '')"))


async def test_a_read_block_sees_one_state_throughout(db: Database) -> None:
    async with db.read() as tx:
        before = await tx.scalar(text("SELECT count(*) FROM audit"))
        async with db.unit_of_work() as other:
            await other.execute(_TRAIL)
        assert await tx.scalar(text("SELECT count(*) FROM audit")) == before


async def test_a_connection_is_used_again_for_writing_after_a_read(db: Database) -> None:
    for _ in range(3):
        async with db.read() as tx:
            await tx.execute(text("SELECT 1"))
        async with db.unit_of_work() as tx:
            assert await tx.scalar(text("SHOW transaction_read_only")) == "off"


async def test_a_frozen_server_is_answered_for_within_the_deadline(hasty: Database) -> None:
    async with hasty.unit_of_work() as tx:
        pid = await tx.scalar(text("SELECT pg_backend_pid()"))
    assert pid is not None
    started = time.monotonic()
    with frozen(pid), pytest.raises(DatabaseUnavailable):
        async with hasty.unit_of_work() as tx:
            await tx.execute(text("SELECT 1"))
    assert time.monotonic() - started < DEADLINE_SECONDS + 1
    async with hasty.unit_of_work() as tx:
        assert await tx.scalar(text("SELECT pg_backend_pid()")) != pid


async def test_a_frozen_server_is_answered_for_by_single_statements_too(hasty: Database) -> None:
    async with hasty.statement() as wire:
        pid = wire.info.backend_pid
    started = time.monotonic()
    with frozen(pid), pytest.raises(DatabaseUnavailable):
        await hasty.ping()
    assert time.monotonic() - started < DEADLINE_SECONDS + 1
    await hasty.ping()


async def test_after_a_restart_of_the_server_one_retry_is_enough(pg_url: str, cipher: FieldCipher) -> None:
    async with connected(pg_url, pool_size=6) as database:
        async with AsyncExitStack() as stack:
            wires = [await stack.enter_async_context(database.statement()) for _ in range(6)]
            pids = [wire.info.backend_pid for wire in wires]
        async with database.unit_of_work() as tx:
            ended = text("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:pids AS int[])) AS pid")
            await tx.execute(ended, {"pids": pids})
        door = FrontDoor(database, cipher)
        for _ in range(8):
            assert not (await door.accept_report(a_report())).again


async def test_a_slow_statement_is_ended_by_the_server(hasty: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with hasty.unit_of_work() as tx:
            await tx.execute(text("SELECT pg_sleep(30)"))


async def test_when_all_connections_are_taken_the_next_is_told_in_time(hasty: Database) -> None:
    async with hasty.read(deadline_seconds=5), hasty.read(deadline_seconds=5):
        with pytest.raises(DatabaseUnavailable):
            async with hasty.read():
                pass


async def test_a_database_that_is_not_there_is_unavailable(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with connected(f"postgresql://u@/d?host={tmp_path_factory.mktemp('n')}", 2, 0.5) as nowhere:
        for attempt in (nowhere.ping(), _touch(nowhere)):
            with pytest.raises(DatabaseUnavailable):
                await attempt


async def _touch(database: Database) -> None:
    async with database.read() as tx:
        await tx.execute(text("SELECT 1"))


async def test_refused_rows_name_the_constraint_and_no_value(db: Database) -> None:
    unit = {"id": uuid4(), "name": "王小明", "kind": "circus"}
    query = text("INSERT INTO unit (id, name, kind, territory, active) VALUES (:id, :name, :kind, '22', true)")
    with pytest.raises(RowRefused) as refused:
        async with db.unit_of_work() as tx:
            await tx.execute(query, unit)
    assert refused.value.constraint == "ck_unit_kind"
    assert "王小明" not in _told(refused.value)
    with pytest.raises(UnknownReference) as unknown:
        async with db.unit_of_work() as tx:
            await tx.execute(text("INSERT INTO reporter VALUES (:id, '', false)"), {"id": unit["id"]})
    assert str(unit["id"]) not in _told(unknown.value)


def _told(error: StoreError) -> str:
    return f"{error!r} {error} {error.__cause__} {error.__suppress_context__}"


async def test_many_more_callers_than_connections_are_slow_but_all_are_answered(pg_url: str) -> None:
    async with connected(pg_url, pool_size=5, deadline_seconds=20) as small:

        async def one() -> None:
            async with small.unit_of_work() as tx:
                await tx.execute(text("SELECT pg_sleep(0.01)"))

        await asyncio.gather(*(one() for _ in range(100)))


def test_only_postgresql_is_spoken() -> None:
    assert driver_url("postgres://u:p@h:1/d") == "postgresql+psycopg://u:p@h:1/d"
    with pytest.raises(ValueError, match="PostgreSQL"):
        driver_url("sqlite:///x.db")
