"""The process picture on a page: the live state of each task, the SVG, and rows for a table that says the same.

Nothing here reads the store: callers pass rows of the read model.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.process import Process
from domain.state import ClockStatus, ItemStatus
from domain.words import N_


class State(StrEnum):
    """How a task stands in the picture; each value is a class of the style sheet (``is-active``)."""

    WAITING = "waiting"
    ACTIVE = "active"
    OVERDUE = "overdue"
    PAUSED = "paused"
    DONE = "done"
    SKIPPED = "skipped"


STATE_WORDS: Mapping[State, str] = {
    State.WAITING: N_("未开始"),
    State.ACTIVE: N_("正在办理"),
    State.OVERDUE: N_("已逾期"),
    State.PAUSED: N_("已暂停"),
    State.DONE: N_("已办结"),
    State.SKIPPED: N_("未办或不需办"),
}

LATE = N_("办结前曾逾期")


@dataclass(frozen=True, slots=True)
class NodeState:
    """How one task stands: ``count`` pieces of work in this state, the nearest due instant, a remark (source text)."""

    state: State
    count: int = 0
    note: str = ""
    due_at: datetime | None = None


class ItemRow(Protocol):
    """What is read of a piece of work."""

    @property
    def id(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def held(self) -> bool: ...
    @property
    def outcome(self) -> str: ...


class ClockRow(Protocol):
    """What is read of a time limit."""

    @property
    def item(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def breached_at(self) -> datetime | None: ...


def live_states(
    process: Process, items: Iterable[ItemRow], clocks: Iterable[ClockRow], now: datetime, ended: bool = False
) -> dict[str, NodeState]:
    """Task key -> its state in one case, for every task of the process.

    Of several pieces of work the worst tells: overdue before active before paused before done. ``ended``: the case is
    closed, so that what was never asked for counts as skipped.
    """
    by_item: dict[str, list[ClockRow]] = {}
    for clock in clocks:
        by_item.setdefault(clock.item, []).append(clock)
    by_task: dict[str, list[ItemRow]] = {}
    for item in items:
        by_task.setdefault(item.task, []).append(item)
    blank = NodeState(State.SKIPPED if ended else State.WAITING)
    return {
        task.key: _task_state(by_task[task.key], by_item, now) if task.key in by_task else blank
        for task in process.tasks
    }


def _task_state(items: list[ItemRow], clocks: Mapping[str, list[ClockRow]], now: datetime) -> NodeState:
    states = [(_item_state(item, clocks.get(item.id, ()), now), item) for item in items]
    worst = min((state for state, _ in states), key=_RANK.__getitem__)
    its = [clock for state, item in states if state is worst for clock in clocks.get(item.id, ())]
    dues = [clock.due_at for clock in its if clock.status == ClockStatus.RUNNING]
    late = worst is State.DONE and any(clock.breached_at for clock in its)
    return NodeState(worst, sum(state is worst for state, _ in states), LATE if late else "", min(dues, default=None))


_RANK = {
    state: rank
    for rank, state in enumerate((State.OVERDUE, State.ACTIVE, State.PAUSED, State.DONE, State.SKIPPED, State.WAITING))
}


def _item_state(item: ItemRow, clocks: Collection[ClockRow], now: datetime) -> State:
    """A held item's time runs on, so that it can be overdue; a stopped clock's does not."""
    if item.status != ItemStatus.OPEN:
        return State.DONE if item.status == ItemStatus.DONE else State.SKIPPED
    running = [clock for clock in clocks if clock.status == ClockStatus.RUNNING]
    if any(clock.kind == "limit" and clock.due_at < now for clock in running):
        return State.OVERDUE
    stopped = not running and any(clock.status == ClockStatus.STOPPED for clock in clocks)
    return State.PAUSED if item.held or stopped else State.ACTIVE


def reached_milestones(process: Process, items: Iterable[ItemRow]) -> frozenset[str]:
    """The keys of the milestones the case has passed: the task has ended with the outcome."""
    ended = {(item.task, item.outcome) for item in items if item.status == ItemStatus.DONE}
    return frozenset(flag.key for flag in process.milestones if (flag.task, flag.outcome) in ended)
