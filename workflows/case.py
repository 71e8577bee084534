"""The durable shell around the kernel: one long-lived workflow a case, which decides everything about it serially.

Acts come in as updates and are refused by the validator when the case does not allow them (a refusal leaves no
history). There is one wait, on the nearest instant of the case. Every step ends in ``_settle``: due instants are
computed by a local activity, then the step is written to the read model once.
"""

import asyncio
from dataclasses import asdict
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.acts import Act, ActKind, Actor, Refused
    from domain.process import Role
    from domain.state import CaseStart, CaseState
    from workflows import clockwork, verbs
    from workflows.flows import FLOWS
    from workflows.kernel import Armed, Case, Message
    from workflows.rulings import refusal

ARM_CLOCKS, PROJECT, UNHEARD = "arm_clocks", "project", "unheard"
REFUSED = "Refused"
STAGE = SearchAttributeKey.for_keyword("Stage")
COLOUR = SearchAttributeKey.for_keyword("Colour")

_RETRY = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30))
_UNHEARD_PAUSE = timedelta(seconds=5)
_UNHEARD_PATIENCE = timedelta(minutes=10)


@workflow.defn(name="case")
class CaseWorkflow:
    """One case from its report to the end of its re-opening window."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        """Build the kernel from the start, or from the state carried over. Updates may come before ``run``."""
        process, flow = FLOWS[start.process]
        self._fresh = start.state is None
        self._limit = start.history_limit
        self._start = start
        self._turn = asyncio.Lock()
        self._changed = False
        self._shown: tuple[str, str] = ("", "")
        self._case = Case(process, flow, start.state or _new_state(start))

    @workflow.run
    async def run(self, _: CaseStart) -> None:
        """Live until nothing can happen any more."""
        async with self._turn:
            self._begin()
            await self._settle()
        while not self._case.is_over:
            await self._wait()
            if self._should_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._carried_over())
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def act(self, act: Act) -> int:
        """Carry out one act; the revision of the case after it. Raises the ``Refused`` application error."""
        async with self._turn:
            self._begin()
            _raise_if(refusal(self._case, act))
            if verbs.apply(self._case, act, workflow.now()):
                await self._settle()
            return self._case.state.rev

    @act.validator
    def _may_act(self, act: Act) -> None:
        if not self._fresh:
            _raise_if(refusal(self._case, act))

    @workflow.signal
    async def word(self, act: Act) -> None:
        """A word from another case: a merge into this one, or its undoing. A merge that cannot be is sent back."""
        async with self._turn:
            self._begin()
            if refusal(self._case, act) is None:
                if verbs.apply(self._case, act, workflow.now()):
                    await self._settle()
            elif act.kind is ActKind.JOIN:
                back = Message(f"{act.id}:back", act.other, ActKind.PART, act.at, act.actor, {})
                await self._carry(back)

    @workflow.query
    def revision(self) -> int:
        """How many projections the case has made: what the reconciler compares with the read model."""
        return self._case.state.rev

    @workflow.query
    def state(self) -> CaseState:
        """The whole state, for operators and the reconciler: ids, codes and instants only."""
        return self._case.state

    @workflow.signal
    async def reproject(self) -> None:
        """Write the whole state to the read model again (the reconciler asks when rows are missing)."""
        async with self._turn:
            self._case.touch_all()
            await self._settle()

    def _begin(self) -> None:
        if self._fresh:
            self._fresh = False
            self._case.begin()

    async def _wait(self) -> None:
        """The one wait: until the nearest instant of the case, or until an act has changed what that is."""
        self._changed = False
        instant = clockwork.next_instant(self._case)
        timeout = None if instant is None else max(instant - workflow.now(), timedelta())
        try:
            await workflow.wait_condition(lambda: self._changed, timeout=timeout, timeout_summary="next instant")
        except TimeoutError:
            async with self._turn:
                await self._hear_first()
                clockwork.tick(self._case, workflow.now())
                await self._settle()

    async def _hear_first(self) -> None:
        """Before a limit is recorded as missed, hear what was received in time and is still on its way."""
        missed = clockwork.due_for_breach(self._case, workflow.now())
        until = workflow.now() + _UNHEARD_PATIENCE
        while missed is not None and workflow.now() < until:
            waiting = await workflow.execute_local_activity(
                UNHEARD,
                args=[self._case.state.case_id, missed],
                result_type=int,
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=_RETRY,
            )
            if not waiting:
                return
            self._turn.release()
            try:
                await workflow.sleep(_UNHEARD_PAUSE)
            finally:
                await self._turn.acquire()
            missed = clockwork.due_for_breach(self._case, workflow.now())

    async def _settle(self) -> None:
        """Arm the clocks the step asked for, write the step down once, carry its words to other cases."""
        while wanted := self._case.wanted():
            armed = await workflow.execute_local_activity(
                ARM_CLOCKS,
                wanted,
                result_type=list[Armed],
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=_RETRY,
            )
            self._case.armed(armed)
            clockwork.receive(self._case)
        self._show()
        if projection := self._case.drain(workflow.now()):
            await workflow.execute_activity(
                PROJECT, projection, start_to_close_timeout=timedelta(seconds=30), retry_policy=_RETRY
            )
        for message in self._case.take_messages():
            await self._carry(message)
        self._changed = True

    async def _carry(self, message: Message) -> None:
        actor = Actor(message.actor.person, Role.SYSTEM, message.actor.territory, message.actor.unit)
        me = self._case.state.case_id
        word = Act(message.id, message.kind, message.at, actor, other=me, codes=message.codes)
        handle = workflow.get_external_workflow_handle(f"case:{message.to}")
        try:
            await handle.signal(CaseWorkflow.word, word)
        except ApplicationError:
            if message.kind is ActKind.JOIN:
                back = Act(f"{message.id}:back", ActKind.PART, message.at, actor, other=message.to)
                verbs.apply(self._case, back, workflow.now())
                self._case.take_messages()
                await self._settle()

    def _show(self) -> None:
        shown = (self._case.state.stage, self._case.fact("colour"))
        if shown != self._shown:
            self._shown = shown
            workflow.upsert_search_attributes([STAGE.value_set(shown[0]), COLOUR.value_set(shown[1])])

    def _should_continue_as_new(self) -> bool:
        info = workflow.info()
        if self._limit and info.get_current_history_length() > self._limit:
            return True
        return info.is_continue_as_new_suggested()

    def _carried_over(self) -> CaseStart:
        start, state = self._start, self._case.state
        return CaseStart(
            start.case_id,
            start.process,
            start.version,
            state.territory,
            start.received_at,
            facts=state.facts,
            state=state,
            history_limit=start.history_limit,
        )


def _new_state(start: CaseStart) -> CaseState:
    instants = {"report.done": start.received_at}
    if start.discovered_at is not None:
        instants["report.discovered"] = start.discovered_at
    return CaseState(
        case_id=start.case_id,
        process=start.process,
        version=start.version,
        territory=start.territory,
        opened_at=start.received_at,
        facts=dict(start.facts),
        instants=instants,
    )


def _raise_if(refused: Refused | None) -> None:
    if refused:
        raise ApplicationError(refused.code, asdict(refused), type=REFUSED, non_retryable=True)
