"""What time does to a case: reminders, breaches, the ends of waits; and what an act does to the clocks it meets."""

from datetime import datetime

from domain.process import Role
from domain.state import Clock, ClockStatus, Item, ItemStatus, Notice, Rung
from workflows.kernel import LIVE, Case

WAIT = "wait"


def running(case: Case) -> list[Clock]:
    """The clocks that time runs for, nearest first."""
    clocks = [
        clock
        for clock in case.state.clocks.values()
        if clock.status is ClockStatus.RUNNING and case.state.items[clock.item].status is ItemStatus.OPEN
    ]
    return sorted(clocks, key=lambda clock: (clock.due_at, clock.id))


def next_instant(case: Case) -> datetime | None:
    """The nearest instant at which ``tick`` would change something."""
    instants: list[datetime] = []
    for clock in running(case):
        if clock.breached_at is None:
            instants.append(clock.due_at)
        if clock.kind != WAIT:
            instants.extend(rung.at for rung in clock.rungs if not rung.sent)
    return min(instants, default=None)


def due_for_breach(case: Case, now: datetime) -> datetime | None:
    """The latest limit that would be recorded as missed by ``now``; None when there is none."""
    missed = [c.due_at for c in running(case) if c.kind != WAIT and c.breached_at is None and c.due_at <= now]
    return max(missed, default=None)


def tick(case: Case, now: datetime) -> None:
    """Let time pass up to ``now``."""
    case.now, case.cause = now, None
    for clock in running(case):
        if clock.kind == WAIT:
            if clock.due_at <= now:
                _waited_out(case, clock)
            continue
        if clock.due_at <= now and clock.breached_at is None:
            _breach(case, clock, now)
        _ring(case, clock, now)
    case.evaluate()


def meet(case: Case, item: Item, now: datetime) -> None:
    """The item is done at ``case.now``: its clocks are met, in time or late; ``now`` is when the engine heard of it.

    A limit that is about another outcome is taken back, and a breach of it too.
    """
    for clock in case.clocks_of(item.id):
        if clock.status not in LIVE:
            continue
        if clock.judged and item.outcome not in clock.judged:
            if clock.breached_at is not None:
                withdraw_breach(case, clock)
            case.set_clock(clock, ClockStatus.WITHDRAWN)
            continue
        late = clock.status is ClockStatus.RUNNING and case.now >= clock.due_at and clock.kind != WAIT
        if late and clock.breached_at is None:
            _breach(case, clock, now)
        elif not late and clock.breached_at is not None:
            withdraw_breach(case, clock)
        clock.met_at = case.now
        case.set_clock(clock, ClockStatus.MET)


def receive(case: Case) -> bool:
    """End the reporter's part, which arrives done: only its clock (D-01) is judged. Whether there was any."""
    arrived = [
        item
        for item in case.state.items.values()
        if item.status is ItemStatus.OPEN and case.process.task(item.task).roles == (Role.REPORTER,)
    ]
    for item in arrived:
        heard = case.now
        case.now = case.state.instants.get(f"{item.task}.done", item.opened_at)
        task = case.process.task(item.task)
        case.complete(item, task.outcomes[0].key)
        case.emit("item.done", item, outcome=item.outcome)
        meet(case, item, heard)
        case.now = heard
    if arrived:
        case.evaluate()
    return bool(arrived)


def withdraw_breach(case: Case, clock: Clock) -> None:
    """The limit turns out to have been kept (the act had been received in time): the breach is taken back."""
    clock.breached_at = clock.detected_at = None
    case.emit("clock.breach_withdrawn", case.state.items[clock.item], clock=clock.id)


def _breach(case: Case, clock: Clock, now: datetime) -> None:
    clock.breached_at, clock.detected_at = clock.due_at, now
    case.emit("clock.breached", case.state.items[clock.item], clock=clock.id)


def _waited_out(case: Case, clock: Clock) -> None:
    item = case.state.items[clock.item]
    case.set_clock(clock, ClockStatus.OVER)
    case.emit("clock.waited_out", item, clock=clock.id)
    if case.process.task(item.task).is_system:
        case.complete(item, case.process.task(item.task).outcomes[0].key)


def _ring(case: Case, clock: Clock, now: datetime) -> None:
    """Send the rungs that are due: every breach rung, of several missed reminders only the latest."""
    due = [rung for rung in clock.rungs if not rung.sent and rung.at <= now]
    if not due:
        return
    reminders = [rung for rung in due if not rung.breach]
    latest = reminders[-1:] if clock.breached_at is None else []
    for rung in due:
        rung.sent = True
    case.touch_clock(clock)
    for rung in latest + [rung for rung in due if rung.breach]:
        _tell(case, clock, rung)


def _tell(case: Case, clock: Clock, rung: Rung) -> None:
    item = case.state.items[clock.item]
    if rung.to != "holder":
        recipients = [rung.to]
    elif item.holder:
        recipients = [f"person:{item.holder}"]
    else:
        recipients = [str(role) for role in case.process.task(item.task).roles]
    for to in recipients:
        case.notify(Notice(f"{clock.id}:{rung.key}", to, item.territory, item.id, clock.id, rung.breach, rung.at))
    kind = "clock.escalated" if rung.breach else "clock.reminded"
    case.emit(kind, item, clock=clock.id, outcome=rung.key, codes={"to": rung.to})
