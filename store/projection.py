"""The one writer of the read model: what a case tells of itself becomes rows, once, whatever is repeated or overtaken.

Events are unique by (case, rev, seq); the case row takes only a newer revision, items and clocks each carry the
revision they are from. Everything is one transaction of seven statements, sent in one pipeline.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from domain.process import Process
from domain.protection_keys import ACKNOWLEDGE, FINAL_FEEDBACK
from domain.state import CaseStatus, Clock, Event, Item, ItemStatus, Notice, Projection
from domain.territory import LENGTHS
from store import projection_sql as sql
from store.database import Database, wire_of

_FEEDBACK_TASKS = frozenset({ACKNOWLEDGE, FINAL_FEEDBACK})
_FREES_TICKET = frozenset({"item.released", "item.reopened", "item.withdrawn", "item.done"})
_PERSON = "person:"
_COUNTY_DIGITS = 6


class Projector:
    """Writes projections."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, projection: Projection, process: Process) -> None:
        """Write one step of a case. ``process``: the declared process, for stage and roles of its tasks.

        Harmless when written twice, or after a later one. Raises DatabaseUnavailable; then nothing was written.
        """
        async with self._db.unit_of_work() as tx:
            wire = await wire_of(tx)
            async with wire.pipeline():
                for statement, parameters in _statements(projection, process):
                    await wire.execute(statement, parameters)


def _statements(step: Projection, process: Process) -> list[tuple[LiteralString, dict[str, Any]]]:
    """The statements in order; those without rows are left out. The first locks the case against a rival writer."""
    case_id = UUID(step.case_id)
    feedback = [event for event in step.events if event.kind == "item.done" and event.task in _FEEDBACK_TASKS]
    freed = {event.item for event in step.events if event.kind in _FREES_TICKET}
    freed |= {item.id for item in step.items if item.status is not ItemStatus.OPEN}
    of_case: dict[str, Any] = {"case_id": case_id, "rev": step.rev, "as_of": step.as_of}
    statements: list[tuple[LiteralString, dict[str, Any]]] = [(sql.CASE, of_case | _case(step))]
    if step.events:
        events = Jsonb([_event(n, event) for n, event in enumerate(step.events)])
        statements.append((sql.EVENTS, of_case | {"events": events, "territory": step.territory}))
    if step.items:
        items = Jsonb([_item(item, process) for item in step.items])
        statements.append((sql.ITEMS, of_case | {"process": step.process, "items": items}))
    if step.clocks:
        statements.append((sql.CLOCKS, of_case | {"clocks": Jsonb([_clock(clock) for clock in step.clocks])}))
    statements.append((sql.REFRESH, of_case))
    if step.notices:
        notices = Jsonb([_notice(notice) for notice in step.notices])
        statements.append((sql.NOTICES, of_case | {"notices": notices}))
    if feedback or freed:
        last = feedback[-1] if feedback else None
        told = {"feedback": _feedback(last) if last else None, "told_at": last.at if last else None}
        statements.append((sql.AFTERMATH, of_case | told | {"freed": sorted(freed)}))
    return statements


def _case(step: Projection) -> dict[str, Any]:
    ended = f"case.{step.status}"
    ends = [event.at for event in step.events if event.kind == ended]
    return {
        "process": step.process,
        "version": step.version,
        "territory": step.territory,
        "county": step.territory[:_COUNTY_DIGITS],
        "status": step.status,
        "stage": step.stage,
        "round": step.round,
        "colour": step.facts.get("colour") or None,
        "hops": step.hops,
        "merged_into": _id(step.merged_into),
        "facts": Jsonb(step.facts),
        "opened_at": min((event.at for event in step.events if event.kind == "case.opened"), default=step.as_of),
        "ended_at": ends[-1] if ends else None,
        "is_open": step.status is CaseStatus.OPEN,
    }


def _event(seq: int, event: Event) -> dict[str, Any]:
    return {
        "seq": seq,
        "kind": event.kind,
        "at": _text(event.at),
        "person": event.person or None,
        "role": event.role,
        "unit": event.unit or None,
        "item": event.item,
        "task": event.task,
        "clock": event.clock,
        "outcome": event.outcome,
        "act": event.act,
        "act_id": _act_id(event.act),
        "codes": event.codes,
    }


def _item(item: Item, process: Process) -> dict[str, Any]:
    task = process.task(item.task)
    return {
        "id": item.id,
        "task": item.task,
        "round": item.round,
        "tag": item.tag,
        "attempt": item.attempt,
        "stage": task.stage,
        "status": item.status,
        "held": item.held,
        "territory": item.territory,
        "roles": [str(role) for role in task.roles],
        "holder": item.holder or None,
        "holder_unit": item.holder_unit or None,
        "opened_at": _text(item.opened_at),
        "done_at": _text(item.done_at),
        "done_by": item.done_by or None,
        "outcome": item.outcome,
        "by_hand": item.by_hand,
        "subject": item.subject,
        "codes": item.codes,
        "starts": {name: _text(instant) for name, instant in item.starts.items()},
    }


def _clock(clock: Clock) -> dict[str, Any]:
    waiting = [rung.at for rung in clock.rungs if not rung.sent]
    return {
        "id": clock.id,
        "item": clock.item,
        "rule": clock.rule,
        "kind": clock.kind,
        "statutory": clock.statutory,
        "start_at": _text(clock.start_at),
        "due_at": _text(clock.due_at),
        "status": clock.status,
        "provisional": clock.provisional,
        "calendar_version": clock.calendar_version,
        "extensions": clock.extensions,
        "extendable": clock.extendable,
        "stop_reasons": clock.stop_reasons,
        "stops": [
            {"since": _text(stop.since), "reason": stop.reason, "until": _text(stop.until)} for stop in clock.stops
        ],
        "next_rung_at": _text(min(waiting, default=None)),
        "met_at": _text(clock.met_at),
        "breached_at": _text(clock.breached_at),
        "detected_at": _text(clock.detected_at),
    }


def _notice(notice: Notice) -> dict[str, Any]:
    """A notice as SQL resolves it: to one person, or to a role's posts over the territory or any above it."""
    person = notice.to.removeprefix(_PERSON) if notice.to.startswith(_PERSON) else None
    return {
        "key": notice.key,
        "person": person,
        "role": None if person else notice.to,
        "reach": [notice.territory[:digits] for digits in LENGTHS.values() if digits <= len(notice.territory)],
        "clock": notice.clock,
        "item": notice.item,
        "breach": notice.breach,
        "at": _text(notice.at),
    }


def _feedback(event: Event) -> str:
    codes: Sequence[object] = [event.codes.get("feedback"), event.outcome]
    return next(str(code) for code in codes if code)


def _act_id(act: str) -> str | None:
    """The submission an act came from; words from another case carry ids of another form."""
    try:
        return str(UUID(act))
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
