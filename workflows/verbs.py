"""What each verb does to a case. Every act has passed ``rulings.refusal`` before it comes here."""

from collections.abc import Callable
from datetime import date, datetime, time

from domain.acts import Act, ActKind, Code, Codes
from domain.approvals import EXTENSION_CITY, EXTENSION_COUNTY
from domain.process import FieldKind, Outcome
from domain.state import CaseStatus, ClockStatus, Item, ItemStatus, Stop
from domain.zone import CHINA
from workflows import clockwork
from workflows.kernel import LIVE, Case, Message

CALENDAR = "calendar"
"""The fact that says which version of the working-day calendar the case was told of last."""

_SEEN_ACTS = 200
_OF_REPORT = ("report.discovered", "report.done")
_WORSE = ("green", "blue", "yellow", "red")


def apply(case: Case, act: Act, now: datetime) -> bool:
    """Carry out ``act`` as of the instant it was received; False when it was carried out before.

    ``now``: when the engine learned of it.
    """
    if act.id in case.state.seen:
        return False
    case.now, case.cause = act.at, act
    case.state.seen = [*case.state.seen[-_SEEN_ACTS:], act.id]
    if act.kind is ActKind.DO:
        _do(case, act, now)
    else:
        _VERBS[act.kind](case, act)
    case.evaluate()
    case.cause = None
    return True


def _do(case: Case, act: Act, now: datetime) -> None:
    item = case.state.items[act.item]
    outcome = case.process.task(item.task).outcome(act.outcome)
    item.codes = dict(act.codes)
    _learn(case, item, outcome, act.codes)
    case.emit("item.done", item, outcome=act.outcome, codes=act.codes)
    if outcome.moves:
        _move(case, str(act.codes["territory"]))
        if not item.by_hand:
            return
    elif outcome.returns:
        _send_back(case, item, outcome)
        return
    case.complete(item, act.outcome)
    clockwork.meet(case, item, now)
    if item.subject and act.outcome == "approve":
        _extended(case, item.subject)
    if outcome.joins:
        _merge(case, str(act.codes["case"]), act)


def _learn(case: Case, item: Item, outcome: Outcome, codes: Codes) -> None:
    """Coded answers become facts and start instants; a changed fact re-times the open work."""
    for field in outcome.fields:
        value = codes.get(field.key)
        if value is None or value == "":
            continue
        if field.kind is FieldKind.DAY:
            case.state.instants[f"{item.task}.{field.key}"] = start_of(str(value))
        elif field.kind is FieldKind.VILLAGE:
            case.place(str(value))
        elif field.kind is FieldKind.INSTANT:
            case.state.instants[f"{item.task}.{field.key}"] = datetime.fromisoformat(str(value))
        if field.fact:
            _set_fact(case, field.fact, _word(value))


def _word(value: Code) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _set_fact(case: Case, name: str, value: str) -> None:
    if case.state.facts.get(name) == value:
        return
    case.state.facts[name] = value
    case.emit("case.fact", codes={name: value})
    case.to_arm.update(i.id for i in case.state.items.values() if i.status is ItemStatus.OPEN)


def start_of(day: str) -> datetime:
    """The first instant of an ISO day in China."""
    return datetime.combine(date.fromisoformat(day), time(), CHINA)


def _move(case: Case, territory: str) -> None:
    case.state.hops += 1
    origin = case.state.territory
    case.relocate(territory)
    case.emit("case.moved", codes={"from": origin, "to": territory, "hop": case.state.hops})


def _send_back(case: Case, item: Item, outcome: Outcome) -> None:
    case.withdraw(item, outcome.key)
    sent_back = case.done(str(outcome.returns))
    if sent_back:
        case.reopen(sent_back)


def _extended(case: Case, clock_id: str) -> None:
    clock = case.state.clocks[clock_id]
    if clock.status not in LIVE:
        return
    clock.extensions += 1
    if clock.breached_at is not None:
        clockwork.withdraw_breach(case, clock)
    case.to_arm.add(clock.item)
    case.emit("clock.extended", case.state.items[clock.item], clock=clock.id)


def _merge(case: Case, other: str, act: Act) -> None:
    case.state.merged_into = other
    case.finish(CaseStatus.MERGED)
    codes: Codes = {"from": case.state.case_id, "colour": case.fact("colour"), "police": case.fact("police")}
    for name in _OF_REPORT:
        if name in case.state.instants:
            codes[name] = case.state.instants[name].isoformat()
    case.messages.append(Message(f"{act.id}:join", other, ActKind.JOIN, act.at, act.actor, codes))


def _claim(case: Case, act: Act) -> None:
    item = case.state.items[act.item]
    item.holder, item.holder_unit = act.actor.person, act.actor.unit
    case.emit("item.claimed", item)


def _release(case: Case, act: Act) -> None:
    item = case.state.items[act.item]
    item.holder, item.holder_unit = None, ""
    case.emit("item.released", item)


def _hold(case: Case, act: Act) -> None:
    case.state.items[act.item].held = True
    case.emit("item.held", case.state.items[act.item], outcome=act.reason)


def _resume(case: Case, act: Act) -> None:
    case.state.items[act.item].held = False
    case.emit("item.resumed", case.state.items[act.item])


def _start(case: Case, act: Act) -> None:
    item = case.open_item(act.task, str(1 + len(case.items_of(act.task))), {}, by_hand=True)
    if act.actor.role in case.process.task(act.task).roles:
        item.holder, item.holder_unit = act.actor.person, act.actor.unit


def _extend(case: Case, act: Act) -> None:
    clock = case.state.clocks[act.clock]
    task = EXTENSION_COUNTY if clock.extensions == 0 else EXTENSION_CITY
    case.emit("clock.extension_asked", case.state.items[clock.item], clock=clock.id)
    item = case.open_item(task, str(1 + len(case.items_of(task))), {}, by_hand=True, subject=clock.id)
    item.codes = {"asked_by": act.actor.person}


def _stop(case: Case, act: Act) -> None:
    clock = case.state.clocks[act.clock]
    clock.stops.append(Stop(since=act.at, reason=act.reason))
    case.set_clock(clock, ClockStatus.STOPPED)
    case.emit("clock.stopped", case.state.items[clock.item], clock=clock.id, outcome=act.reason)


def _restart(case: Case, act: Act) -> None:
    clock = case.state.clocks[act.clock]
    clock.stops[-1].until = act.at
    case.set_clock(clock, ClockStatus.RUNNING)
    case.to_arm.add(clock.item)
    case.emit("clock.restarted", case.state.items[clock.item], clock=clock.id)


def _join(case: Case, act: Act) -> None:
    """Another case of the same child is merged into this one: a closed case opens again, with fresh clocks."""
    state = case.state
    state.joined = [*state.joined, act.other]
    if state.status is CaseStatus.CLOSED:
        for item in list(state.items.values()):
            if item.status is ItemStatus.OPEN:
                case.withdraw(item)
        state.round += 1
        state.status, state.hops, state.instants = CaseStatus.OPEN, 0, {}
        for name in _OF_REPORT:
            if isinstance(value := act.codes.get(name), str):
                state.instants[name] = datetime.fromisoformat(value)
        case.emit("case.reopened", codes={"from": act.other})
    else:
        case.emit("case.joined", codes={"from": act.other})
    colour = str(act.codes.get("colour", ""))
    if colour in _WORSE and _WORSE.index(colour) > _WORSE.index(case.fact("colour") or "green"):
        _set_fact(case, "colour", colour)
    if act.codes.get("police") == "yes":
        _set_fact(case, "police", "yes")


def _part(case: Case, act: Act) -> None:
    """A merge is undone: at the case it was merged into by message, at the merged case by hand."""
    state = case.state
    if act.other in state.joined:
        state.joined = [case_id for case_id in state.joined if case_id != act.other]
        case.emit("case.parted", codes={"from": act.other})
        return
    other, state.merged_into = state.merged_into, ""
    state.status = CaseStatus.OPEN
    state.instants.pop("case.ended", None)
    case.emit("case.unmerged", codes={"from": other})
    case.reopen(next(i for i in reversed(list(state.items.values())) if i.outcome == "merge"))
    codes: Codes = {"from": state.case_id}
    case.messages.append(Message(f"{act.id}:part", other, ActKind.PART, act.at, act.actor, codes))


def _retime(case: Case, act: Act) -> None:
    """The calendar changed: open clocks are computed again with the version told."""
    case.state.facts[CALENDAR] = str(act.codes[CALENDAR])
    case.to_arm.update(clock.item for clock in clockwork.running(case))
    case.emit("case.retimed", codes=act.codes)


_VERBS: dict[ActKind, Callable[[Case, Act], None]] = {
    ActKind.CLAIM: _claim,
    ActKind.RELEASE: _release,
    ActKind.HOLD: _hold,
    ActKind.RESUME: _resume,
    ActKind.START: _start,
    ActKind.EXTEND: _extend,
    ActKind.STOP: _stop,
    ActKind.RESTART: _restart,
    ActKind.JOIN: _join,
    ActKind.PART: _part,
    ActKind.RETIME: _retime,
}
