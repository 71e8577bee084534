"""A case in virtual time: the form's own check, the real triage, rules and calendar, the kernel without a server."""

from datetime import UTC, datetime
from uuid import UUID

from api.reports import Sender, check_report, new_report
from api.task_forms import Given
from domain.acts import Act, Refused
from domain.state import CaseState
from relay import case_start
from store.outbox import ReportFacts
from tests.cases.story import Story
from tests.workflows.world import clockmaker
from workflows import clockwork, verbs
from workflows.flows import FLOWS
from workflows.kernel import Case
from workflows.rulings import refusal

_ANY_ID = UUID(int=1)


class InMemory:
    """One case and its clock."""

    def __init__(self, state: CaseState) -> None:
        self._now = state.opened_at
        self._case = Case(*FLOWS[state.process], state)
        self._case.begin()
        self._settle()

    async def state(self) -> CaseState:
        """The case as it stands."""
        return self._case.state

    async def act(self, act: Act) -> Refused | None:
        """Carry an act out unless the case refuses it."""
        if refused := refusal(self._case, act):
            return refused
        verbs.apply(self._case, act, self._now)
        self._settle()
        return None

    async def travel(self, to: datetime) -> None:
        """Let time pass, stopping at every instant of the case on the way."""
        while (instant := clockwork.next_instant(self._case)) is not None and instant <= to:
            self._now = max(self._now, instant)
            clockwork.tick(self._case, self._now)
            self._settle()
        self._now = to

    def _settle(self) -> None:
        while wanted := self._case.wanted():
            self._case.armed(clockmaker().arm(wanted))
            clockwork.receive(self._case)
        self._case.drain(self._now)
        self._case.take_messages()


def open_case(story: Story) -> InMemory:
    """File the report and open its case, as the front door and the relay do."""
    filed = check_report(Given(story.form), story.received)
    if filed.errors:
        raise ValueError(f"{story.case.id}: {dict(filed.errors)}")
    report = new_report(filed, Sender(), "")
    start = case_start(
        ReportFacts(
            _ANY_ID, _ANY_ID, story.received.astimezone(UTC), report.discovered_at, report.territory, report.situation,
            report.danger, str(report.age_band), report.care, str(report.colour), report.triage_row, report.police_told,
            report.omission,
        )
    )  # fmt: skip
    instants = {"report.done": start.received_at}
    if start.discovered_at:
        instants["report.discovered"] = start.discovered_at
    return InMemory(
        CaseState(
            start.case_id, start.process, start.version, start.territory, start.received_at,
            facts=dict(start.facts), instants=instants,
        )
    )  # fmt: skip
