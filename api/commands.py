"""Acting on a case: what a person submits is stored first, then handed over at once; a claim is decided at once.

A refusal is a value (``Answer.refused``), an engine that is away is not an error for what may wait: it is stored and
takes effect later, counted from when it was received.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from domain.acts import Act, ActKind, Actor, Codes, RefusalCode, Refused
from engine import case_workflow_id
from relay import Handed, Relay, refusal_of
from store.claims import Claims
from store.front_door import FrontDoor, NewSubmission, Submitted
from store.outbox import Outbox
from store.tables.submission import SubmissionState
from store.trail import NOWHERE, Trace
from workflows.case import CaseWorkflow

ANSWER_WITHIN = timedelta(seconds=3)


class EngineAway(Exception):
    """The engine does not answer, and what was asked only makes sense at once: 503."""


class AnswerState(StrEnum):
    """What became of what a person asked."""

    APPLIED = "applied"  # 已生效
    PENDING = "pending"  # 已保存，待生效
    REFUSED = "refused"  # 未生效


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks of a case.

    ``codes`` may reach the engine, ``content`` (words) is sealed in SQL. ``key``: the form's nonce or the API's
    Idempotency-Key; the same key with the same request is answered again, not done again.
    """

    kind: ActKind
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    reason: str = ""
    codes: Codes = field(default_factory=dict)
    content: dict[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How it stands now. ``rev``: the case's revision after it; ``refused``: why not."""

    state: AnswerState
    rev: int | None = None
    refused: Refused | None = None
    submission_id: UUID | None = None


class Commands:
    """The one way in which people act on cases."""

    def __init__(self, front_door: FrontDoor, outbox: Outbox, claims: Claims, relay: Relay, client: Client) -> None:
        self._front_door = front_door
        self._outbox = outbox
        self._claims = claims
        self._relay = relay
        self._client = client

    async def act(self, actor: Actor, case_id: UUID, request: Request, trace: Trace = NOWHERE) -> Answer:
        """Store the act, hand it over, wait a little for the answer.

        Raises IdempotencyConflict, DatabaseUnavailable (nothing is known to be stored).
        """
        stored = await self._front_door.submit(
            NewSubmission(
                case_id=case_id,
                kind=request.kind,
                actor=actor,
                item=request.item,
                task=request.task,
                clock=request.clock,
                outcome=request.outcome,
                reason=request.reason,
                codes=request.codes,
                content=request.content,
                idempotency_key=request.key,
                trace=trace,
            )
        )
        if stored.state is not SubmissionState.PENDING:
            return _as_stored(stored)
        row = await self._outbox.take(stored.id)
        if row is None:
            return Answer(AnswerState.PENDING, submission_id=stored.id)
        handed, answer = await self._relay.hand_over(row, ANSWER_WITHIN)
        if handed is Handed.REFUSED and isinstance(answer, Refused):
            return Answer(AnswerState.REFUSED, refused=answer, submission_id=stored.id)
        state = AnswerState.APPLIED if handed is Handed.DONE else AnswerState.PENDING
        return Answer(state, rev=answer if isinstance(answer, int) else None, submission_id=stored.id)

    async def claim(self, actor: Actor, case_id: UUID, item: str) -> Answer:
        """Take an item. Rivals are told by one SQL statement who was first; the case confirms. Raises EngineAway."""
        person = UUID(actor.person)
        first = await self._claims.take_ticket(case_id, item, person)
        if first != person:
            return Answer(AnswerState.REFUSED, refused=Refused(RefusalCode.HELD_BY_OTHER, holder=str(first)))
        answer = await self._at_once(actor, case_id, Request(ActKind.CLAIM, item=item))
        if answer.state is AnswerState.REFUSED:
            await self._claims.drop_ticket(case_id, item, person)
        return answer

    async def release(self, actor: Actor, case_id: UUID, item: str) -> Answer:
        """Give an item back. Raises EngineAway."""
        answer = await self._at_once(actor, case_id, Request(ActKind.RELEASE, item=item))
        if answer.state is AnswerState.APPLIED:
            await self._claims.drop_ticket(case_id, item, UUID(actor.person))
        return answer

    async def _at_once(self, actor: Actor, case_id: UUID, request: Request) -> Answer:
        act = Act(str(uuid4()), request.kind, datetime.now(UTC), actor, item=request.item)
        handle = self._client.get_workflow_handle_for(CaseWorkflow.run, case_workflow_id(case_id))
        try:
            rev = await handle.execute_update(CaseWorkflow.act, act, id=act.id, rpc_timeout=ANSWER_WITHIN)
        except WorkflowUpdateFailedError as failure:
            return Answer(AnswerState.REFUSED, refused=refusal_of(failure))
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                return Answer(AnswerState.REFUSED, refused=Refused(RefusalCode.MOVED_ON))
            raise EngineAway from None
        except (WorkflowUpdateRPCTimeoutOrCancelledError, RuntimeError):
            raise EngineAway from None
        return Answer(AnswerState.APPLIED, rev=rev)


def _as_stored(stored: Submitted) -> Answer:
    """The answer a repeated request had the first time."""
    refused = None
    if stored.refusal is not None:
        refused = Refused(RefusalCode(stored.refusal["code"]), holder=stored.refusal["holder"])
        refused = replace(refused, open_items=tuple(stored.refusal["open_items"]))
    return Answer(AnswerState(stored.state), stored.rev, refused, stored.id)
