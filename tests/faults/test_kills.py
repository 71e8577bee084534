"""Every part of the running product is killed in turn while reports come in: no receipt is lost, none is doubled.

The ledger is kept by the client: what was acknowledged is what must be found, each once, with its case.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from embedded import postgres_of
from settings import load
from store.database import Database
from tests.platform.test_up import free_port, up

CLIENTS = 4
PROGRAMS = ("worker", "temporal", "postgres", "api", "worker", "postgres")
BETWEEN_KILLS = 25  # receipts
REPORT = {
    "situation": "ABANDONED_UNATTENDED",
    "narrative": "放学后一直没人接。",
    "found": "now",
    "territory": "220104001",
    "reporter_phone": "13800138000",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """Where the product of this test lives."""
    with tempfile.TemporaryDirectory(prefix="shouwang-test-") as folder:
        ports = {"PORT": str(free_port()), "TEMPORAL_PORT": str(free_port())}
        yield {**os.environ, **ports, "DATA_DIR": f"{folder}/data", "PYTHONUNBUFFERED": "1", "API_WORKERS": "1"}


def processes_of(parent: int, program: str) -> list[int]:
    """The processes under ``parent`` that run ``program``."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if above == parent and _is(program, command):
            found.append(int(entry.name))
    return found


def _is(program: str, command: str) -> bool:
    words = {"worker": "cli worker", "api": "cli api", "temporal": "server start-dev", "postgres": "postgres -D"}
    return words[program] in command


class Ledger:
    """What was acknowledged: idempotency key -> receipt."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.receipts: dict[str, str] = {}
        self.tries = 0
        self.enough = asyncio.Event()
        self.grew = asyncio.Condition()

    async def file(self) -> None:
        """One report, sent again under its key until it is acknowledged."""
        key = str(uuid4())
        async with httpx.AsyncClient(base_url=self.address, timeout=10) as client:
            while key not in self.receipts:
                self.tries += 1
                try:
                    answer = await client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": key})
                except httpx.TransportError:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.enough.wait(), 0.05)
                    continue
                if answer.status_code in (httpx.codes.OK, httpx.codes.CREATED):
                    self.receipts[key] = answer.json()["receipt"]
                    async with self.grew:
                        self.grew.notify_all()
                else:
                    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text

    async def keep_filing(self) -> None:
        """Report after report."""
        while not self.enough.is_set():
            await self.file()

    async def more(self, count: int) -> None:
        """Until so many more are acknowledged."""
        goal = len(self.receipts) + count
        async with asyncio.timeout(90), self.grew:
            await self.grew.wait_for(lambda: len(self.receipts) >= goal)


async def kill_in_turn(ledger: Ledger, parent: int) -> int:
    """Kill each program between receipts; how many processes were killed."""
    killed = 0
    for program in PROGRAMS:
        await ledger.more(BETWEEN_KILLS)
        for pid in processes_of(parent, program):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    await ledger.more(BETWEEN_KILLS)
    ledger.enough.set()
    return killed


async def cases_of_all(db: Database) -> bool:
    """Whether every report has its case in the read model."""
    async with db.read() as tx:
        query = "SELECT count(*) FROM report r WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = r.case_id)"
        return bool((await tx.exec_driver_sql(query)).scalar_one() == 0)


async def test_no_receipt_is_lost_or_doubled_whatever_is_killed(environment: dict[str, str]) -> None:
    with up(environment) as process:
        ledger = Ledger(f"http://127.0.0.1:{environment['PORT']}")
        clients = [asyncio.create_task(ledger.keep_filing()) for _ in range(CLIENTS)]
        killed = await kill_in_turn(ledger, process.pid)
        await asyncio.gather(*clients)
        assert killed >= len(PROGRAMS)
        settings = load(data_dir=Path(environment["DATA_DIR"]))
        db = Database.connect(postgres_of(settings).url())
        try:
            async with asyncio.timeout(120):
                while not await cases_of_all(db):
                    await db.ping()
            async with db.read() as tx:
                rows = (await tx.exec_driver_sql("SELECT receipt, case_id FROM report")).all()
        finally:
            await db.close()
    acknowledged = sorted(ledger.receipts.values())
    assert sorted(row.receipt for row in rows) == acknowledged
    assert len(set(acknowledged)) == len({row.case_id for row in rows}) == len(rows)
