"""Compares the read model with the engine, and repairs what differs. Running it twice changes nothing the second time.

Four things can differ after a fault: a report without a workflow, a submission nobody answered, a workflow ahead of the
read model, a case the engine has lost. What an operator must look at himself is named and left alone: a workflow
nobody reported, a workflow whose task keeps failing.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.state import CaseStatus
from engine import case_id_of, case_workflow_id, connect, payload_keys
from settings import Settings
from store.database import Database
from store.keys import Keyring
from store.queries import reconcile as rows
from workflows.case import CaseWorkflow

AT_A_TIME = 20
PAGE = 500
ANSWER_WITHIN = timedelta(seconds=10)
RUNNING_CASES = "WorkflowType = 'case' AND ExecutionStatus = 'Running'"
STUCK_CASES = "WorkflowType = 'case' AND TemporalReportedProblems IS NOT NULL"


async def reconcile(settings: Settings, *, repair: bool) -> list[str]:
    """What differs, one plain line each (ids only); with ``repair`` it is put right where a machine can."""
    db = Database.connect(settings.database_url)
    try:
        client = await connect(settings, payload_keys(Keyring.load(settings.keys)))
        return await Reconciler(db, client, repair=repair).run()
    finally:
        await db.close()


class Reconciler:
    """One comparison."""

    def __init__(self, db: Database, client: Client, *, repair: bool) -> None:
        self._db = db
        self._client = client
        self._repair = repair
        self._limit = asyncio.Semaphore(AT_A_TIME)

    async def run(self) -> list[str]:
        """Compare everything."""
        lines = [*await self._waiting()]
        async for page in self._cases():
            found = await asyncio.gather(*(self._compare(case) for case in page))
            lines.extend(line for line in found if line)
        lines.extend(await self._strangers())
        return lines

    async def _waiting(self) -> list[str]:
        """Reports without a case, submissions without an answer: they are handed over again."""
        async with self._db.read() as tx:
            unborn, unanswered = await rows.unborn_cases(tx), await rows.unanswered(tx)
        for ref_id in [*(u.report_id for u in unborn), *(u.submission_id for u in unanswered)]:
            await self._again(ref_id)
        return [
            *(f"report {u.report_id}: no case has come of it" for u in unborn),
            *(f"submission {u.submission_id}: handed over and not answered" for u in unanswered),
        ]

    async def _cases(self) -> AsyncIterator[list[rows.KnownCase]]:
        after: UUID | None = None
        while True:
            async with self._db.read() as tx:
                page = await rows.known_cases(tx, after=after)
            if not page:
                return
            yield page
            after = page[-1].id

    async def _compare(self, case: rows.KnownCase) -> str | None:
        async with self._limit:
            handle = self._client.get_workflow_handle_for(CaseWorkflow.run, case_workflow_id(case.id))
            try:
                described = await handle.describe()
                if described.status is not WorkflowExecutionStatus.RUNNING:
                    return self._ended(case, described.status)
                rev = await handle.query(CaseWorkflow.revision, rpc_timeout=ANSWER_WITHIN)
            except RPCError as fault:
                if fault.status is not RPCStatusCode.NOT_FOUND:
                    return f"case {case.id}: the engine does not answer for it ({fault.status.name.lower()})"
                return await self._lost(case)
            if rev == case.rev:
                return None
            if rev > case.rev and self._repair:
                await handle.signal(CaseWorkflow.reproject)
            return f"case {case.id}: the engine is at revision {rev}, the read model at {case.rev}"

    def _ended(self, case: rows.KnownCase, status: WorkflowExecutionStatus | None) -> str | None:
        if case.status is not CaseStatus.OPEN and status is WorkflowExecutionStatus.COMPLETED:
            return None
        return f"case {case.id}: open in the read model, its workflow is {status.name.lower() if status else 'gone'}"

    async def _lost(self, case: rows.KnownCase) -> str | None:
        """The engine has never heard of it, or no longer keeps it. An open one is told its whole life again."""
        if case.status is not CaseStatus.OPEN:
            return None
        if self._repair:
            async with self._db.unit_of_work() as tx:
                await rows.tell_again(tx, case.id)
        return f"case {case.id}: open in the read model, unknown to the engine"

    async def _strangers(self) -> list[str]:
        """Workflows nobody reported, and those whose task keeps failing: for an operator's own eyes."""
        running = [case_id_of(found.id) async for found in self._client.list_workflows(RUNNING_CASES)]
        unreported: list[UUID] = []
        for start in range(0, len(running), PAGE):
            async with self._db.read() as tx:
                unreported += await rows.unreported(tx, running[start : start + PAGE])
        stuck = [found.id async for found in self._client.list_workflows(STUCK_CASES)]
        return [
            *(f"workflow {case_workflow_id(case)}: no report stands behind it" for case in unreported),
            *(f"workflow {workflow_id}: its task keeps failing" for workflow_id in stuck),
        ]

    async def _again(self, ref_id: UUID) -> None:
        if self._repair:
            async with self._db.unit_of_work() as tx:
                await rows.hand_over_again(tx, ref_id)
