"""A case behind the real front: app, PostgreSQL, relay, Temporal with its virtual clock, and the read model."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

import worker
from activities.project import ReadModel
from api.main import build
from domain.acts import Act, Refused
from domain.state import CaseState
from engine import case_workflow_id
from relay import Relay, refusal_of
from settings import load
from store.crypto import FieldCipher
from store.database import Database
from store.keys import Keyring
from store.outbox import Outbox
from tests.cases.published import PublishedCase
from tests.cases.story import Story, tell
from tests.workflows.world import clockmaker
from workflows.case import CaseWorkflow

_CASE_OF = text("SELECT case_id FROM report WHERE receipt = :receipt")
_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Front:
    """The app as a program reaches it, and what stands behind it."""

    program: httpx.AsyncClient
    db: Database
    relay: Relay
    env: WorkflowEnvironment

    async def file(self, case: PublishedCase) -> tuple[Story, UUID]:
        """Post the report of a case now; the story as of the instant on the receipt, and the case's id."""
        body = tell(case, datetime.now(UTC)).form
        answer = await self.program.post("/api/v1/reports", json=body, headers={"idempotency-key": str(uuid4())})
        assert answer.status_code == 201, answer.text
        receipt = answer.json()
        async with self.db.read() as tx:
            case_id: UUID = (await tx.execute(_CASE_OF, {"receipt": receipt["receipt"]})).scalar_one()
        return tell(case, datetime.fromisoformat(receipt["received_at"])), case_id

    async def hand_over(self) -> None:
        """Let the relay start what was reported, with the clocks of the new cases standing still."""
        with self.env.with_time_skipping_disabled():
            while await self.relay.hand_over_due():
                pass

    def case(self, case_id: UUID, story: Story) -> "BehindTheFront":
        """The office's side of a case."""
        handle = self.env.client.get_workflow_handle_for(CaseWorkflow.run, case_workflow_id(case_id))
        return BehindTheFront(self, case_id, handle, story.received)

    async def rows(self, table: str, key: str, case_id: UUID) -> list[dict[str, Any]]:
        """What the read model holds of a case in one table."""
        async with self.db.read() as tx:
            found = await tx.execute(text(f"SELECT * FROM {table} WHERE {key} = :id"), {"id": case_id})
            return [dict(row) for row in found.mappings()]


class BehindTheFront:
    """One case in its workflow; acts go to it as updates and count from their published instant."""

    def __init__(
        self, front: Front, case_id: UUID, handle: WorkflowHandle[CaseWorkflow, None], received: datetime
    ) -> None:
        self._front = front
        self._handle = handle
        self._now = received
        self._known: CaseState | None = None
        self.case_id = case_id

    async def state(self) -> CaseState:
        """The state as the workflow holds it."""
        if self._known is None:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self._known = await self._query()
        return self._known

    async def _query(self) -> CaseState:
        while True:
            try:
                state = await self._handle.query(CaseWorkflow.state)
            except RPCError as not_yet:  # the server lets a second pass between two runs
                if not_yet.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            else:
                if state.rev:  # a case begins with its first step
                    return state

    async def act(self, act: Act) -> Refused | None:
        """Carry an act out unless the case refuses it."""
        self._known = None
        try:
            await self._handle.execute_update(CaseWorkflow.act, act, id=act.id)
        except WorkflowUpdateFailedError as failure:
            return refusal_of(failure)
        return None

    async def travel(self, to: datetime) -> None:
        """Let the case's own clock run on, firing what fires on the way."""
        self._known = None
        await self._front.env.fast_forward(self._handle, to - self._now)
        self._now = to

    async def read_model(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of the case, once the read model has its latest revision."""
        rev = (await self.state()).rev
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not (head := await self._front.rows("cases", "id", self.case_id)) or head[0]["rev"] < rev:
                await self._front.db.ping()
        tables = {"work_item": "case_id", "clock": "case_id", "case_event": "case_id"}
        return {"cases": head} | {name: await self._front.rows(name, key, self.case_id) for name, key in tables.items()}

    async def leave(self) -> None:
        """The test is over; the case would wait for months."""
        await self._handle.terminate()


@asynccontextmanager
async def open_front(pg_url: str, env: WorkflowEnvironment, folder: Path) -> AsyncIterator[Front]:
    """The app with a running worker; the relay runs when it is told to."""
    keyring = Keyring.generate()
    keyring.write_new(folder / "keys.json")
    settings = load(
        data_dir=folder, key_file=folder / "keys.json", database_url=pg_url, temporal_task_queue=f"published-{uuid4()}"
    )
    app, db = build(settings), Database.connect(pg_url)
    program = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=settings.origin)
    async with (
        app.router.lifespan_context(app),
        program,
        worker.temporal_worker(settings, env.client, ReadModel(db, FieldCipher(keyring)), clockmaker()),
    ):
        yield Front(program, db, Relay(Outbox(db), env.client, settings.temporal_task_queue), env)
    await db.close()
