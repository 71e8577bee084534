"""Hands what the front door has stored to Temporal, oldest first, under ids that make a second time harmless.

The same hand-over serves the loop inside the worker and a person who is waiting for the answer (``api/commands.py``).
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.acts import Act, RefusalCode, Refused
from domain.protection import PROTECTION
from domain.state import CaseStart
from domain.triage import AgeBand, Care, Danger, Situation, TriageInput, triage
from engine import COUNTY, PROCESS, PROVINCE, case_workflow_id
from store.errors import StoreError
from store.outbox import HandOver, Outbox, ReportFacts
from workflows.case import REFUSED, CaseWorkflow

log = structlog.get_logger()

IDLE_SECONDS = 0.25
AT_A_TIME = 20
ANSWER_WITHIN = timedelta(seconds=8)


class Handed(StrEnum):
    """What became of a row."""

    DONE = "done"
    REFUSED = "refused"
    LATER = "later"  # the engine was away or busy: it will be tried again


class Relay:
    """The way from SQL to Temporal."""

    def __init__(self, outbox: Outbox, client: Client, task_queue: str) -> None:
        self._outbox = outbox
        self._client = client
        self._queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        """Hand over whatever is due until ``stop`` is set. A fault of the database is waited out."""
        while not stop.is_set():
            try:
                busy = await self.hand_over_due()
            except StoreError as fault:
                log.warning("relay.database_away", error=type(fault).__name__)
                busy = 0
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), IDLE_SECONDS)

    async def hand_over_due(self) -> int:
        """One round; how many rows it took."""
        rows = await self._outbox.take_due(AT_A_TIME)
        await asyncio.gather(*(self.hand_over(row) for row in rows))
        return len(rows)

    async def hand_over(self, row: HandOver, within: timedelta = ANSWER_WITHIN) -> tuple[Handed, Refused | int | None]:
        """Give one row to the engine and write down its answer: a revision, a refusal, or None for later."""
        try:
            if row.report is not None:
                await self._start(row.report, within)
            elif row.act is not None:
                return await self._act(row, row.act, within)
        except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, RuntimeError) as fault:
            await self._outbox.mark_failed(row.id, _word(fault))
            return Handed.LATER, None
        await self._outbox.mark_done(row.id)
        return Handed.DONE, None

    async def _start(self, report: ReportFacts, within: timedelta) -> None:
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                CaseWorkflow.run,
                case_start(report),
                id=case_workflow_id(report.case_id),
                task_queue=self._queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=_attributes(report),
                rpc_timeout=within,
            )

    async def _act(self, row: HandOver, act: Act, within: timedelta) -> tuple[Handed, Refused | int | None]:
        handle = self._client.get_workflow_handle_for(CaseWorkflow.run, case_workflow_id(row.case_id))
        try:
            rev = await handle.execute_update(CaseWorkflow.act, act, id=act.id, rpc_timeout=within)
        except WorkflowUpdateFailedError as failure:
            return await self._refused(row, act, refusal_of(failure))
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND and await self._is_over(row):
                return await self._refused(row, act, Refused(RefusalCode.MOVED_ON))
            raise
        await self._outbox.mark_applied(UUID(act.id), rev)
        await self._outbox.mark_done(row.id)
        return Handed.DONE, rev

    async def _refused(self, row: HandOver, act: Act, refused: Refused) -> tuple[Handed, Refused | int | None]:
        await self._outbox.mark_refused(UUID(act.id), refused)
        await self._outbox.mark_done(row.id)
        log.info("relay.refused", act=act.id, code=str(refused.code))
        return Handed.REFUSED, refused

    async def _is_over(self, row: HandOver) -> bool:
        """Whether the case has lived its life to the end; one that is merely missing is the reconciler's."""
        try:
            description = await self._client.get_workflow_handle(case_workflow_id(row.case_id)).describe()
        except RPCError:
            return False
        return description.status is WorkflowExecutionStatus.COMPLETED


def case_start(report: ReportFacts) -> CaseStart:
    """How a case begins: the coded facts of its report, and what triage makes of them."""
    decision = triage(
        TriageInput(Situation(report.situation), AgeBand(report.age_band), Danger(report.danger), Care(report.care))
    )
    facts = {
        "colour": report.colour,
        "situation": report.situation,
        "age_band": report.age_band,
        "danger": report.danger,
        "care": report.care,
        "triage_row": report.triage_row,
        "police": _yes(decision.police),
        "police_told": _yes(report.police_told),
        "omission": _yes(report.omission),
    }
    return CaseStart(
        case_id=str(report.case_id),
        process=PROTECTION.key,
        version=PROTECTION.version,
        territory=report.territory,
        received_at=report.received_at,
        discovered_at=report.discovered_at,
        facts=facts,
    )


def refusal_of(failure: WorkflowUpdateFailedError) -> Refused:
    """The refusal inside a failed update; any other failure is raised again."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or cause.type != REFUSED:
        raise failure
    told: dict[str, Any] = cause.details[0]
    return Refused(
        RefusalCode(told["code"]),
        holder=told["holder"],
        open_items=tuple(told["open_items"]),
        changed_at=datetime.fromisoformat(told["changed_at"]) if told["changed_at"] else None,
    )


def _attributes(report: ReportFacts) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(PROVINCE, report.territory[:2]),
            SearchAttributePair(COUNTY, report.territory[:6]),
            SearchAttributePair(PROCESS, PROTECTION.key),
        ]
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _word(fault: Exception) -> str:
    """A code for the outbox row, never a message."""
    return f"rpc_{fault.status.name.lower()}" if isinstance(fault, RPCError) else type(fault).__name__.lower()
