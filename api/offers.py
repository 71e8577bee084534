"""What a page offers a person on a case: exactly what the case itself would allow, asked of the engine's own rulings.

The rows of the read model are put together to the case as it was last known; the case decides again when the act
comes, so a page that has gone stale offers too much at worst.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.acts import Act, ActKind, Actor, Code, RefusalCode, Refused
from domain.permissions import VERB_OF_ACT, may
from domain.process import Field, FieldKind, Outcome, Process, Role, Task
from domain.state import CaseState, CaseStatus, Clock, ClockStatus, Item, ItemStatus, Stop
from domain.zone import CHINA
from store import tables
from store.queries.cases import CaseView
from workflows.flows import FLOWS
from workflows.kernel import Case
from workflows.rulings import refusal

NOT_YOURS = Refused(RefusalCode.NOT_YOURS)
_ONE_ACT = "offer"


def process_of(key: str) -> Process:
    """The declared process named ``key``; raises KeyError for another name."""
    return FLOWS[key][0]


def known_case(
    view: CaseView, items: Iterable[tables.WorkItem], clocks: Iterable[tables.Clock], joined: Iterable[str] = ()
) -> Case:
    """The case as the read model knows it, for asking; nothing is ever applied to it."""
    process, flow = FLOWS[view.process]
    state = CaseState(
        case_id=str(view.id),
        process=view.process,
        version=view.version,
        territory=view.territory,
        opened_at=view.opened_at,
        status=view.status,
        round=view.round,
        rev=view.rev,
        stage=view.stage,
        hops=view.hops,
        merged_into=str(view.merged_into or ""),
        joined=list(joined),
        facts=dict(view.facts),
        items={row.id: _item(row) for row in items},
        clocks={row.id: _clock(row) for row in clocks},
    )
    return Case(process, flow, state)


def _item(row: tables.WorkItem) -> Item:
    return Item(
        id=row.id,
        task=row.task,
        round=row.round,
        tag=row.tag,
        territory=row.territory,
        opened_at=row.opened_at,
        status=ItemStatus(row.status),
        attempt=row.attempt,
        by_hand=row.by_hand,
        held=row.held,
        holder=str(row.holder) if row.holder else None,
        holder_unit=str(row.holder_unit or ""),
        outcome=row.outcome,
        done_at=row.done_at,
        done_by=str(row.done_by) if row.done_by else None,
        subject=row.subject,
        codes=row.codes,
    )


def _clock(row: tables.Clock) -> Clock:
    stops = [
        Stop(
            since=datetime.fromisoformat(stop["since"]),
            reason=stop["reason"],
            until=datetime.fromisoformat(stop["until"]) if stop["until"] else None,
        )
        for stop in row.stops
    ]
    return Clock(
        id=row.id,
        item=row.item,
        rule=row.rule,
        kind=row.kind,
        statutory=row.statutory,
        start_at=row.start_at,
        due_at=row.due_at,
        status=ClockStatus(row.status),
        provisional=row.provisional,
        extensions=row.extensions,
        extendable=row.extendable,
        stop_reasons=row.stop_reasons,
        stops=stops,
        met_at=row.met_at,
        breached_at=row.breached_at,
        detected_at=row.detected_at,
    )


@dataclass(frozen=True, slots=True)
class Asker:
    """One person in one post asking of one case what may be done at ``now``."""

    case: Case
    view: CaseView
    actor: Actor
    now: datetime

    def refused(self, kind: ActKind, **given: object) -> Refused | None:
        """Why the act would be refused, None when it would be done."""
        role = Role(self.actor.role)
        decision = may(
            VERB_OF_ACT[kind],
            role,
            self.actor.territory,
            self.view.territory,
            involved=self.view.involved,
            status=self.view.status,
        )
        if not decision:
            return NOT_YOURS
        return refusal(self.case, Act(_ONE_ACT, kind, self.now, self.actor, **given))  # type: ignore[arg-type]

    def allows(self, kind: ActKind, **given: object) -> bool:
        """Whether the act would be done."""
        return self.refused(kind, **given) is None

    def outcome_refused(self, item: str, outcome: Outcome) -> Refused | None:
        """Why this outcome could not be given however its form is filled in."""
        return self.refused(ActKind.DO, item=item, outcome=outcome.key, codes=self._samples(outcome.fields))

    def startable(self) -> list[Task]:
        """The discretionary tasks this person may start now, in the order of the process."""
        tasks = self.case.process.tasks
        return [task for task in tasks if task.discretionary and self.allows(ActKind.START, task=task.key)]

    def _samples(self, fields: Iterable[Field]) -> dict[str, Code]:
        today = self.now.astimezone(CHINA).date().isoformat()
        by_kind: dict[FieldKind, Code] = {
            FieldKind.DAY: today,
            FieldKind.INSTANT: self.now.isoformat(),
            FieldKind.SERVICES: [{"due": today}],
            FieldKind.VILLAGE: self.case.state.territory,
        }
        return {question.key: by_kind.get(question.kind, "sample") for question in fields}


@dataclass(frozen=True, slots=True)
class ItemOffer:
    """What one open item offers: whether its outcome may be given, and the other verbs."""

    do: bool = False
    claim: bool = False
    release: bool = False
    hold: bool = False
    resume: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything to press."""
        return self.do or self.claim or self.release or self.hold or self.resume


@dataclass(frozen=True, slots=True)
class ClockOffer:
    """What one live clock offers; ``reasons``: the legal grounds on which it may be stopped."""

    extend: bool = False
    reasons: tuple[str, ...] = ()
    restart: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything to press."""
        return self.extend or bool(self.reasons) or self.restart


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything one person may do on one case now; only what is allowed is in it."""

    items: Mapping[str, ItemOffer] = field(default_factory=dict)
    clocks: Mapping[str, ClockOffer] = field(default_factory=dict)
    start: tuple[Task, ...] = ()
    part: bool = False


def offers(asker: Asker) -> Offers:
    """What the case page shows as buttons."""
    state = asker.case.state
    live = [item for item in state.items.values() if item.status is ItemStatus.OPEN]
    of_items = {item.id: _of_item(asker, item) for item in live}
    of_clocks = {clock.id: _of_clock(asker, clock) for clock in state.clocks.values()}
    return Offers(
        items={item_id: offer for item_id, offer in of_items.items() if offer.any},
        clocks={clock_id: offer for clock_id, offer in of_clocks.items() if offer.any},
        start=tuple(asker.startable()),
        part=state.status is CaseStatus.MERGED and asker.allows(ActKind.PART),
    )


def _of_item(asker: Asker, item: Item) -> ItemOffer:
    task = asker.case.process.task(item.task)
    me = item.holder == asker.actor.person
    return ItemOffer(
        do=can_do(asker, item, task),
        claim=item.holder is None and asker.allows(ActKind.CLAIM, item=item.id),
        release=item.holder is not None and (me or asker.allows(ActKind.RELEASE, item=item.id)),
        hold=not item.held and asker.allows(ActKind.HOLD, item=item.id),
        resume=item.held and asker.allows(ActKind.RESUME, item=item.id),
    )


def can_do(asker: Asker, item: Item, task: Task) -> bool:
    """Whether some outcome of the item is open to the person, or would be were nothing else still open."""
    refusals = [asker.outcome_refused(item.id, outcome) for outcome in task.outcomes]
    return any(refused is None or refused.code is RefusalCode.STILL_OPEN for refused in refusals)


def _of_clock(asker: Asker, clock: Clock) -> ClockOffer:
    if clock.status not in (ClockStatus.RUNNING, ClockStatus.STOPPED):
        return ClockOffer()
    reasons = tuple(r for r in clock.stop_reasons if asker.allows(ActKind.STOP, clock=clock.id, reason=r))
    return ClockOffer(
        extend=asker.allows(ActKind.EXTEND, clock=clock.id),
        reasons=reasons,
        restart=asker.allows(ActKind.RESTART, clock=clock.id),
    )


PROCESS_OF_TASK: Mapping[str, Process] = {task.key: process for process, _ in FLOWS.values() for task in process.tasks}
"""The process that declares a task; where two declare one of the same key, its words are the same."""
