"""A case on the real Temporal server, with a virtual clock and a read model that is a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from temporalio import activity
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.clocks import Clockmaker
from domain.acts import Act, ActKind, Code
from domain.process import Role
from domain.state import CaseStart, CaseState, ItemStatus, Projection
from engine import workflow_runner
from tests.workflows.world import TOWNSHIP, actor, clockmaker
from workflows.case import PROJECT, UNHEARD, CaseWorkflow
from workflows.flows import FLOWS


@dataclass
class Office:
    """A worker, its environment, and all it has written down. ``unheard``: what is still on its way, per case."""

    env: WorkflowEnvironment
    queue: str
    written: dict[tuple[str, int], Projection] = field(default_factory=dict)
    writes: list[tuple[str, int]] = field(default_factory=list)
    unheard: dict[str, int] = field(default_factory=dict)
    breached: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn(name=PROJECT)
    async def project(self, projection: Projection) -> None:
        """The read model: unique by case and revision."""
        self.writes.append((projection.case_id, projection.rev))
        self.written.setdefault((projection.case_id, projection.rev), projection)
        if any(
            event.kind == "clock.escalated" and event.outcome.endswith("county_leader") for event in projection.events
        ):
            self.breached.set()

    @activity.defn(name=UNHEARD)
    async def count_unheard(self, case_id: str, until: datetime) -> int:
        """How many acts received by then have not reached the case."""
        assert until.tzinfo is not None
        return self.unheard.get(case_id, 0)

    def history(self, case_id: str) -> list[Projection]:
        """The projections of one case in order."""
        return [self.written[key] for key in sorted(self.written) if key[0] == case_id]

    async def report(self, **given: object) -> "Handled":
        """Start the workflow of a reported case, with its clock standing still."""
        case_id = str(uuid4())
        facts = {"colour": "yellow", "police": "no"}
        start = CaseStart(case_id, "protection", 1, TOWNSHIP, datetime.now(UTC), facts=facts)
        start = replace(start, **given)  # type: ignore[arg-type]  # the tests name real fields
        skipping = self.env.with_time_skipping_disabled() if self.env.supports_time_skipping else nullcontext()
        with skipping:
            handle = await self.env.client.start_workflow(
                CaseWorkflow.run, start, id=f"case:{case_id}", task_queue=self.queue
            )
        return Handled(self, case_id, handle, start.received_at)


@dataclass
class Handled:
    """One case of the office."""

    office: Office
    case_id: str
    handle: WorkflowHandle[CaseWorkflow, None]
    at: datetime
    ids: "count[int]" = field(default_factory=lambda: count(1))

    async def act(self, kind: ActKind, role: Role, person: str = "", territory: str = "", **given: object) -> int:
        """Send an act; raises ApplicationError as the validator or handler refused it."""
        act_id = f"{self.case_id}-{next(self.ids)}"
        return await self.send(Act(act_id, kind, self.at, actor(role, person, territory), **given))  # type: ignore[arg-type]

    async def send(self, act: Act) -> int:
        """Send an act under its own id."""
        try:
            return await self.handle.execute_update(CaseWorkflow.act, act, id=act.id)
        except WorkflowUpdateFailedError as failure:
            if isinstance(failure.cause, ApplicationError):
                raise failure.cause from None
            raise

    async def do(self, task: str, outcome: str, role: Role | None = None, person: str = "", **codes: Code) -> None:
        """End the open item of a task."""
        state = await self.state()
        item = [i for i in state.items.values() if i.task == task and i.status is ItemStatus.OPEN][-1]
        roles = FLOWS["protection"][0].task(task).roles
        await self.act(ActKind.DO, role or roles[0], person, item=item.id, outcome=outcome, codes=codes)

    async def state(self) -> CaseState:
        """The state of the case as its workflow holds it."""
        async with asyncio.timeout(20):
            while True:
                try:
                    return await self.handle.query(CaseWorkflow.state)
                except RPCError as not_yet:  # the server lets a second pass between two runs
                    if not_yet.status is not RPCStatusCode.FAILED_PRECONDITION:
                        raise

    async def wait(self, **delta: float) -> None:
        """Let the case's own clock run on, firing what fires on the way."""
        span = timedelta(**delta)
        self.at += span
        await self.office.env.fast_forward(self.handle, span)

    async def open(self) -> set[str]:
        """The tasks that are open."""
        return {i.task for i in (await self.state()).items.values() if i.status is ItemStatus.OPEN}


@asynccontextmanager
async def office(env: WorkflowEnvironment, clocks: Clockmaker | None = None) -> AsyncIterator[Office]:
    """A running worker, with the real clocks unless given others."""
    desk = Office(env, f"cases-{uuid4()}")
    async with Worker(
        env.client,
        task_queue=desk.queue,
        workflows=[CaseWorkflow],
        activities=[(clocks or clockmaker()).arm_clocks, desk.project, desk.count_unheard],
        workflow_runner=workflow_runner(),
    ):
        yield desk
