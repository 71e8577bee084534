"""Who used the processor and the memory while something ran, and what the database says about the cases."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

from bench.figures import Shares
from bench.progress import Tick
from bench.stack import Stack
from store.database import Database

BACKLOG: LiteralString = "SELECT count(*) FROM outbox WHERE done_at IS NULL"
CASES: LiteralString = "SELECT count(*) FROM cases WHERE status = 'open'"


@dataclass
class Watched:
    """Filled in while the block runs, complete at its end. ``peak_mb``: the highest sum of all parts at one reading."""

    shares: Shares | None = None
    peak_mb: float = 0.0
    before: dict[str, float] = field(default_factory=dict)


@asynccontextmanager
async def watched(stack: Stack, during: str, *, memory_every_seconds: float = 0.0) -> AsyncIterator[Watched]:
    """Take processor seconds by part before and after the block; with an interval also memory within it."""
    found = Watched(before=stack.processor_seconds())
    started = time.perf_counter()

    async def read_memory() -> None:
        while True:
            now = await asyncio.to_thread(stack.memory_mb)
            found.peak_mb = max(found.peak_mb, sum(now.values()))
            await asyncio.sleep(memory_every_seconds)

    reading = asyncio.create_task(read_memory()) if memory_every_seconds else None
    try:
        yield found
    finally:
        if reading:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
        after = stack.processor_seconds()
        used = {part: round(seconds - found.before.get(part, 0.0), 2) for part, seconds in after.items()}
        found.shares = Shares(during, round(time.perf_counter() - started, 2), used)


class Book:
    """Reads the database of a stack."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def rows(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        async with self._db.statement() as wire:
            return await (await wire.execute(statement)).fetchall()

    async def number(self, statement: LiteralString) -> int:
        """The one number a statement gives."""
        return int((await self.rows(statement))[0][0])

    async def until(self, statement: LiteralString, number: int, seconds: float, tick: Tick) -> float:
        """Wait until the statement gives at least ``number``; how long it took. Raises TimeoutError."""
        started, seen = time.perf_counter(), 0
        async with asyncio.timeout(seconds):
            while seen < number:
                now = await self.number(statement)
                tick(now - seen)
                seen = now
                await asyncio.sleep(0.2)
        return time.perf_counter() - started


@asynccontextmanager
async def book_of(stack: Stack) -> AsyncIterator[Book]:
    """The database of a stack, for the length of the block."""
    db = Database.connect(stack.database_url, pool_size=2, deadline_seconds=30.0)
    try:
        yield Book(db)
    finally:
        await db.close()
