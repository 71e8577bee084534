"""What every process stands on: a case as a pure state machine of items, clocks and events.

No clock, no I/O, nothing of Temporal: time comes in with acts and ticks, due instants come in from outside (``arm``).
The flow of a process is a function that is evaluated again after every step and asks for what the protocol wants
now; whatever is open and no longer asked for is withdrawn. So a case can be carried over to a new run at any time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.acts import Act, ActKind, Actor, Codes
from domain.process import Level, Process
from domain.state import CaseState, CaseStatus, Clock, ClockStatus, Event, Item, ItemStatus, Notice, Projection
from domain.territory import cut

LIVE = (ClockStatus.RUNNING, ClockStatus.STOPPED)


def _at(level: Level, territory: str) -> str:
    """The territory cut to the level of a task; what is known when the place is not known that closely."""
    return cut(territory, level) or territory


@dataclass(frozen=True, slots=True)
class Wanted:
    """An open item whose clocks are to be computed: by the rules in force, from these start instants and facts.

    ``live``: the clocks it has now; one of the same rule keeps its start, its stops and extensions.
    ``by_hand``: started by a person, so that every clock runs from the opening.
    """

    item: str
    attempt: int
    process: str
    task: str
    starts: dict[str, datetime]
    facts: dict[str, str]
    live: list[Clock] = field(default_factory=list)
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Armed:
    """The answer to a ``Wanted``: all clocks the item has from now on."""

    item: str
    clocks: list[Clock]


@dataclass(frozen=True, slots=True)
class Message:
    """A word to another case: ``kind`` is JOIN or PART, ``codes`` the coded facts the other needs."""

    id: str
    to: str
    kind: ActKind
    at: datetime
    actor: Actor
    codes: Codes


class Case:
    """One case: ``state`` is all it knows; the rest is the step under way.

    ``now`` is the instant the step counts from: when the act was received, or the tick. ``cause`` is the act, None
    when time or the engine is the cause.
    """

    def __init__(self, process: Process, flow: Callable[["Case"], None], state: CaseState) -> None:
        self.process = process
        self.state = state
        self.now = state.opened_at
        self.cause: Act | None = None
        self.messages: list[Message] = []
        self.to_arm: set[str] = set()
        self._flow = flow
        self._asked: set[str] = set()
        self._events: list[Event] = []
        self._notices: list[Notice] = []
        self._changed_items: set[str] = set()
        self._changed_clocks: set[str] = set()

    # What a flow asks for.

    def ask(self, task: str, tag: str = "1", starts: dict[str, datetime] | None = None) -> Item | None:
        """Want this task worked on in the present round; the item once it is done, None until then.

        ``tag`` tells several items of one task apart; what follows its last dash is the fact ``n`` for the rules.
        ``starts``: start instants of its own, which its clocks use
        before the case's.
        """
        item_id = f"{task}.{self.state.round}.{tag}"
        self._asked.add(item_id)
        item = self.state.items.get(item_id)
        if item is None:
            self.open_item(task, tag, starts or {})
            return None
        if item.status is ItemStatus.WITHDRAWN:
            item.opened_at = self.now
            item.attempt += 1
            self.reopen(item)
        return item if item.status is ItemStatus.DONE else None

    def done(self, task: str) -> Item | None:
        """The latest done item of this task in the present round."""
        items = self.all_done(task)
        return items[-1] if items else None

    def all_done(self, task: str) -> list[Item]:
        """All done items of this task in the present round, in the order in which they were done."""
        items = [i for i in self.items_of(task) if i.status is ItemStatus.DONE]
        return sorted(items, key=lambda i: (i.done_at or self.now, i.id))

    def fact(self, name: str) -> str:
        """A fact of the case ("" when unknown)."""
        return self.state.facts.get(name, "")

    def finish(self, status: CaseStatus) -> None:
        """End the present round. Asked again it changes nothing."""
        if self.state.status is CaseStatus.OPEN:
            self.state.status = status
            self.state.instants["case.ended"] = self.now
            self.emit(f"case.{status}")

    @property
    def is_open(self) -> bool:
        """Whether work on the case goes on."""
        return self.state.status is CaseStatus.OPEN

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen any more: ended, and every item done or withdrawn."""
        return not self.is_open and all(i.status is not ItemStatus.OPEN for i in self.state.items.values())

    # What verbs and clockwork do with it.

    def items_of(self, task: str) -> list[Item]:
        """The items of this task in the present round."""
        return [i for i in self.state.items.values() if i.task == task and i.round == self.state.round]

    def clocks_of(self, item_id: str) -> list[Clock]:
        """The clocks an item has or had."""
        return [clock for clock in self.state.clocks.values() if clock.item == item_id]

    def emit(
        self, kind: str, item: Item | None = None, clock: str = "", outcome: str = "", codes: Codes | None = None
    ) -> None:
        """Add a line to the history, with the cause of the step as its author."""
        cause = self.cause
        self._events.append(
            Event(
                kind=kind,
                at=self.now,
                person=cause.actor.person if cause else "",
                role=cause.actor.role if cause else "",
                unit=cause.actor.unit if cause else "",
                item=item.id if item else "",
                task=item.task if item else "",
                clock=clock,
                outcome=outcome,
                act=cause.id if cause else "",
                codes=codes or {},
            )
        )
        if item:
            self._changed_items.add(item.id)
        if clock:
            self._changed_clocks.add(clock)

    def notify(self, notice: Notice) -> None:
        """Add something to tell."""
        self._notices.append(notice)

    def set_clock(self, clock: Clock, status: ClockStatus) -> None:
        """Change where a clock stands."""
        clock.status = status
        self._changed_clocks.add(clock.id)

    def touch_clock(self, clock: Clock) -> None:
        """Mark a clock as changed."""
        self._changed_clocks.add(clock.id)

    def open_item(
        self, task: str, tag: str, starts: dict[str, datetime], by_hand: bool = False, subject: str = ""
    ) -> Item:
        """Open a piece of work in the present round."""
        declared = self.process.task(task)
        item = Item(
            id=f"{task}.{self.state.round}.{tag}",
            task=task,
            round=self.state.round,
            tag=tag,
            territory=_at(declared.level, self.state.territory),
            opened_at=self.now,
            by_hand=by_hand,
            subject=subject,
            starts=starts,
        )
        self.state.items[item.id] = item
        self.to_arm.add(item.id)
        self.emit("item.opened", item)
        if declared.raises_report:
            self.emit("report.raised", item)
        return item

    def reopen(self, item: Item) -> None:
        """Open a piece of work again; the clocks it had met run on."""
        item.status, item.outcome, item.done_at, item.done_by = ItemStatus.OPEN, "", None, None
        item.holder, item.holder_unit, item.held = None, "", False
        for clock in self.clocks_of(item.id):
            if clock.status is ClockStatus.MET:
                clock.met_at = None
                self.set_clock(clock, ClockStatus.RUNNING)
        self.to_arm.add(item.id)
        self.emit("item.reopened", item)

    def complete(self, item: Item, outcome: str) -> None:
        """End a piece of work: its start instants are set and its clocks are met."""
        item.status, item.outcome, item.done_at = ItemStatus.DONE, outcome, self.now
        item.done_by = self.cause.actor.person if self.cause else None
        self.state.instants[f"{item.task}.done"] = self.now
        self._changed_items.add(item.id)
        self.to_arm.discard(item.id)

    def withdraw(self, item: Item, outcome: str = "") -> None:
        """Take back a piece of work that is no longer wanted, and its clocks."""
        item.status, item.outcome = ItemStatus.WITHDRAWN, outcome
        self.to_arm.discard(item.id)
        for clock in self.clocks_of(item.id):
            if clock.status in LIVE:
                self.set_clock(clock, ClockStatus.WITHDRAWN)
        self.emit("item.withdrawn", item)

    def relocate(self, territory: str) -> None:
        """Take the case and its open work to another territory."""
        self.state.territory = territory
        for item in self.state.items.values():
            if item.status is ItemStatus.OPEN:
                item.territory = _at(self.process.task(item.task).level, territory)
                item.holder, item.holder_unit = None, ""
                self._changed_items.add(item.id)

    def place(self, village: str) -> None:
        """Say more closely where the case is: open work is cut anew, whoever holds it keeps it."""
        self.state.territory = village
        for item in self.state.items.values():
            if item.status is ItemStatus.OPEN:
                item.territory = _at(self.process.task(item.task).level, village)
                self._changed_items.add(item.id)

    def begin(self) -> None:
        """Open the case at the instant its report was received."""
        self.emit("case.opened", codes={"colour": self.fact("colour")})
        self.evaluate()

    def evaluate(self) -> None:
        """Let the flow ask, then withdraw what is open and no longer asked for."""
        status = None
        while status is not self.state.status:  # a round that ends while the flow asks leaves nothing asked for
            status = self.state.status
            self._asked = set()
            self._flow(self)
        for item in list(self.state.items.values()):
            kept = item.id in self._asked or (item.by_hand and self.is_open)
            if item.status is ItemStatus.OPEN and not kept:
                self.withdraw(item)
        self._settle_stage()

    def _settle_stage(self) -> None:
        """The stage is the furthest one with open work; the one before stays when none is open."""
        order = [stage.key for stage in self.process.stages]
        stages = {
            self.process.task(i.task).stage
            for i in self.state.items.values()
            if i.status is ItemStatus.OPEN and not i.by_hand
        }
        if stages:
            self.state.stage = max(stages, key=order.index)

    # Between steps: clocks in, projections and messages out.

    def wanted(self) -> list[Wanted]:
        """The open items whose clocks are to be computed before time can pass."""
        result = []
        for item_id in sorted(self.to_arm):
            item = self.state.items[item_id]
            starts = {**self.state.instants, **item.starts, "opened": item.opened_at}
            facts = {**self.state.facts, "n": item.tag.rpartition("-")[2]}
            live = [clock for clock in self.clocks_of(item_id) if clock.status in LIVE]
            key = self.process.key
            result.append(Wanted(item_id, item.attempt, key, item.task, starts, facts, live, item.by_hand))
        return result

    def armed(self, answers: Iterable[Armed]) -> None:
        """Take in the clocks computed for ``wanted`` items; a live one no rule asks for any more is withdrawn."""
        for answer in answers:
            self.to_arm.discard(answer.item)
            if self.state.items[answer.item].status is not ItemStatus.OPEN:
                continue
            fresh = {clock.id for clock in answer.clocks}
            for clock in self.clocks_of(answer.item):
                if clock.status in LIVE and clock.id not in fresh and clock.breached_at is None:
                    self.set_clock(clock, ClockStatus.WITHDRAWN)
            for clock in answer.clocks:
                self.state.clocks[clock.id] = clock
                self._changed_clocks.add(clock.id)

    def drain(self, as_of: datetime) -> Projection | None:
        """What changed since the last drain, as the next projection; None when nothing did."""
        if not (self._events or self._changed_items or self._changed_clocks or self._notices):
            return None
        state = self.state
        state.rev += 1
        projection = Projection(
            case_id=state.case_id,
            process=state.process,
            version=state.version,
            rev=state.rev,
            as_of=as_of,
            territory=state.territory,
            status=state.status,
            stage=state.stage,
            round=state.round,
            hops=state.hops,
            merged_into=state.merged_into,
            facts=dict(state.facts),
            events=self._events,
            items=[state.items[i] for i in sorted(self._changed_items)],
            clocks=[state.clocks[c] for c in sorted(self._changed_clocks)],
            notices=self._notices,
        )
        self._events, self._notices = [], []
        self._changed_items, self._changed_clocks = set(), set()
        return projection

    def touch_all(self) -> None:
        """Mark everything as changed, so that the next projection carries the whole state."""
        self._changed_items.update(self.state.items)
        self._changed_clocks.update(self.state.clocks)

    def take_messages(self) -> list[Message]:
        """Words to other cases that are to be carried over now."""
        messages, self.messages = self.messages, []
        return messages
