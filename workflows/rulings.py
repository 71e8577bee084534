"""Whether an act is allowed on a case as it stands now. Pure reading: the validator of every update calls it."""

from collections.abc import Callable
from datetime import date, datetime

from domain.acts import Act, ActKind, Code, RefusalCode, Refused
from domain.permissions import DESK
from domain.process import Field, FieldKind, Level, Outcome, Role
from domain.state import CaseStatus, Clock, ClockStatus, Item, ItemStatus
from domain.territory import cut
from workflows import clockwork
from workflows.kernel import LIVE, Case

R = RefusalCode
DIRECTORS = tuple(sorted(DESK))
"""Who steers work in a case: holds, clocks, parting, starting what others then do."""


def refusal(case: Case, act: Act) -> Refused | None:
    """Why ``act`` is refused, or None. The order of the questions is the order in which people ask them."""
    if act.id in case.state.seen:
        return None
    return _QUESTIONS[act.kind](case, act)


def blockers(case: Case) -> tuple[str, ...]:
    """What forbids closing: open safety work, and work that is overdue by law or target (a missing visit)."""
    open_items = [i for i in case.state.items.values() if i.status is ItemStatus.OPEN]
    overdue = {clock.item for clock in clockwork.running(case) if clock.breached_at is not None}
    return tuple(
        sorted(i.id for i in open_items if case.process.task(i.task).safety or (i.id in overdue and not i.subject))
    )


def _covers(act: Act, territory: str) -> bool:
    return territory.startswith(act.actor.territory) if act.actor.territory else False


def _open_item(case: Case, act: Act) -> Item | Refused:
    item = case.state.items.get(act.item)
    if item is None:
        return Refused(R.NO_SUCH_ITEM)
    if item.status is not ItemStatus.OPEN:
        return Refused(R.MOVED_ON, holder=item.done_by, changed_at=item.done_at)
    return item


def _worker(case: Case, act: Act) -> Item | Refused:
    """The open item, when the actor's post may work on it."""
    item = _open_item(case, act)
    if isinstance(item, Refused):
        return item
    if act.actor.role not in case.process.task(item.task).roles or not _covers(act, item.territory):
        return Refused(R.NOT_YOURS)
    return item


def _do(case: Case, act: Act) -> Refused | None:
    item = _worker(case, act)
    if isinstance(item, Refused):
        return item
    if item.held:
        return Refused(R.ON_HOLD, holder=item.holder)
    if item.holder not in (None, act.actor.person):
        return Refused(R.HELD_BY_OTHER, holder=item.holder)
    try:
        outcome = case.process.task(item.task).outcome(act.outcome)
    except KeyError:
        return Refused(R.UNKNOWN_OUTCOME)
    if any(not _answered(case, field, act.codes.get(field.key)) for field in outcome.fields):
        return Refused(R.INCOMPLETE)
    return _outcome(case, act, item, outcome)


def _answered(case: Case, field: Field, value: Code | None) -> bool:
    """Whether a coded answer is there when it must be, and can be read as what it is."""
    if not field.reaches_engine:
        return True
    if value is None or value in ("", []):
        return not field.required
    readable = _READABLE.get(field.kind)
    try:
        return readable is None or readable(case, value)
    except (ValueError, KeyError, TypeError):
        return False


def _is_day(_: Case, value: Code) -> bool:
    return bool(date.fromisoformat(str(value)))


def _is_instant(_: Case, value: Code) -> bool:
    return datetime.fromisoformat(str(value)).tzinfo is not None


def _are_services(_: Case, value: Code) -> bool:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return bool([date.fromisoformat(row["due"]) for row in rows])


def _is_village_of_the_case(case: Case, value: Code) -> bool:
    return str(value).startswith(cut(case.state.territory, Level.TOWNSHIP) or case.state.territory)


_READABLE: dict[FieldKind, Callable[[Case, Code], bool]] = {
    FieldKind.DAY: _is_day,
    FieldKind.INSTANT: _is_instant,
    FieldKind.SERVICES: _are_services,
    FieldKind.VILLAGE: _is_village_of_the_case,
}


def _outcome(case: Case, act: Act, item: Item, outcome: Outcome) -> Refused | None:
    if outcome.second_person and _did(case, outcome.second_person) == act.actor.person:
        return Refused(R.SECOND_PERSON, holder=act.actor.person)
    if item.subject and item.codes.get("asked_by") == act.actor.person:
        return Refused(R.SECOND_PERSON, holder=act.actor.person)
    if outcome.needs_clear and (left := tuple(b for b in blockers(case) if b != item.id)):
        return Refused(R.STILL_OPEN, open_items=left)
    if outcome.joins and act.codes.get("case") == case.state.case_id:
        return Refused(R.ALREADY)
    return None


def _did(case: Case, task: str) -> str | None:
    item = case.done(task) or (case.done("coordinate") if task == "accept" else None)
    return item.done_by if item else None


def _claim(case: Case, act: Act) -> Refused | None:
    item = _worker(case, act)
    if isinstance(item, Refused):
        return item
    if item.holder not in (None, act.actor.person):
        return Refused(R.HELD_BY_OTHER, holder=item.holder)
    return None


def _release(case: Case, act: Act) -> Refused | None:
    item = _open_item(case, act)
    if isinstance(item, Refused):
        return item
    if item.holder is None:
        return Refused(R.NOT_OPEN)
    leads = act.actor.role == Role.COUNTY_LEADER and _covers(act, item.territory)
    if item.holder != act.actor.person and not leads:
        return Refused(R.HELD_BY_OTHER, holder=item.holder) if _covers(act, item.territory) else Refused(R.NOT_YOURS)
    return None


def _directs(case: Case, act: Act) -> Refused | None:
    """Whether the actor may steer work in this case (hold, clocks, parting) rather than do it."""
    fits = act.actor.role in DIRECTORS and _covers(act, case.state.territory)
    return None if fits else Refused(R.NOT_YOURS)


def _hold(case: Case, act: Act) -> Refused | None:
    item = _open_item(case, act)
    if isinstance(item, Refused):
        return item
    if item.held == (act.kind is ActKind.HOLD):
        return Refused(R.ALREADY if item.held else R.NOT_OPEN, holder=item.holder)
    return None if not isinstance(_worker(case, act), Refused) else _directs(case, act)


def _start(case: Case, act: Act) -> Refused | None:
    if not case.process.has(act.task) or not case.process.task(act.task).discretionary:
        return Refused(R.NOT_DISCRETIONARY)
    if not case.is_open:
        return Refused(R.MOVED_ON)
    task = case.process.task(act.task)
    reached = _covers(act, case.state.territory)
    if not reached or act.actor.role not in (*task.roles, *DIRECTORS, Role.CHILD_SUPERVISOR):
        return Refused(R.NOT_YOURS)
    already = next((i for i in case.items_of(act.task) if i.status is ItemStatus.OPEN), None)
    return Refused(R.ALREADY, holder=already.holder, open_items=(already.id,)) if already else None


def _live_clock(case: Case, act: Act) -> Clock | Refused:
    clock = case.state.clocks.get(act.clock)
    if clock is None:
        return Refused(R.NO_SUCH_ITEM)
    if clock.status not in LIVE:
        return Refused(R.MOVED_ON, changed_at=clock.met_at)
    if _directs(case, act) and isinstance(
        _worker(case, Act(act.id, ActKind.DO, act.at, act.actor, item=clock.item)), Refused
    ):
        return Refused(R.NOT_YOURS)
    return clock


def _extend(case: Case, act: Act) -> Refused | None:
    clock = _live_clock(case, act)
    if isinstance(clock, Refused):
        return clock
    if clock.extensions >= clock.extendable:
        return Refused(R.NO_MORE_EXTENSIONS)
    if act.at >= clock.due_at:
        return Refused(R.TOO_LATE, changed_at=clock.due_at)
    pending = [i for i in case.state.items.values() if i.subject == clock.id and i.status is ItemStatus.OPEN]
    return Refused(R.ALREADY, open_items=(pending[0].id,)) if pending else None


def _stop(case: Case, act: Act) -> Refused | None:
    clock = _live_clock(case, act)
    if isinstance(clock, Refused):
        return clock
    if clock.status is ClockStatus.STOPPED:
        return Refused(R.ALREADY)
    if act.reason not in clock.stop_reasons:
        return Refused(R.NO_LEGAL_REASON)
    return Refused(R.TOO_LATE, changed_at=clock.due_at) if act.at >= clock.due_at else None


def _restart(case: Case, act: Act) -> Refused | None:
    clock = _live_clock(case, act)
    if isinstance(clock, Refused):
        return clock
    return None if clock.status is ClockStatus.STOPPED else Refused(R.NOT_OPEN)


def _join(case: Case, act: Act) -> Refused | None:
    if act.actor.role != Role.SYSTEM and (wrong := _directs(case, act)):
        return wrong
    if case.state.status in (CaseStatus.MERGED, CaseStatus.SCREENED_OUT) or act.other == case.state.case_id:
        return Refused(R.MOVED_ON)
    return Refused(R.ALREADY) if act.other in case.state.joined else None


def _part(case: Case, act: Act) -> Refused | None:
    if act.other in case.state.joined:
        return None
    if case.state.status is not CaseStatus.MERGED:
        return Refused(R.NOT_OPEN)
    return _directs(case, act)


def _retime(_: Case, act: Act) -> Refused | None:
    if act.actor.role not in (Role.SYSTEM, Role.ADMINISTRATOR):
        return Refused(R.NOT_YOURS)
    return None if act.codes.get("calendar") else Refused(R.INCOMPLETE)


_QUESTIONS: dict[ActKind, Callable[[Case, Act], Refused | None]] = {
    ActKind.DO: _do,
    ActKind.CLAIM: _claim,
    ActKind.RELEASE: _release,
    ActKind.HOLD: _hold,
    ActKind.RESUME: _hold,
    ActKind.START: _start,
    ActKind.EXTEND: _extend,
    ActKind.STOP: _stop,
    ActKind.RESTART: _restart,
    ActKind.JOIN: _join,
    ActKind.PART: _part,
    ActKind.RETIME: _retime,
}
