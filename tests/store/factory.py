"""Builds what the store's tests write: workers, reports, submissions, projections."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.acts import ActKind, Actor
from domain.state import CaseStatus, Clock, Event, Item, Projection
from store.front_door import NewReport, NewSubmission

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
TOWNSHIP = "220104001"


@dataclass(frozen=True)
class Worker:
    """A person with one post."""

    id: UUID
    post: UUID
    actor: Actor

    @classmethod
    def make(cls, role: str, territory: str) -> "Worker":
        """Somebody new."""
        person = uuid4()
        return cls(person, uuid4(), Actor(str(person), role, territory))


@dataclass(frozen=True)
class Folk:
    """All workers by name, in one unit."""

    unit: UUID
    workers: dict[str, Worker]

    @classmethod
    def make(cls, workers: dict[str, Worker]) -> "Folk":
        """With a unit of their own."""
        return cls(uuid4(), workers)

    def __getitem__(self, name: str) -> Worker:
        return self.workers[name]


def a_report(**changes: object) -> NewReport:
    """A report of a private person about a child with a name."""
    fields: dict[str, Any] = {
        "territory": TOWNSHIP,
        "situation": "MULTI_INJURY",
        "danger": "yes",
        "age_band": "8_13",
        "care": "unknown",
        "colour": "red",
        "triage_row": "red-nine",
        "police_told": False,
        "content": {"what": "孩子身上多处受伤", "child_name": "王小明"},
        "reporter": {"name": "李老师", "phone": "13800138000"},
        "tokens": {"name": "王小明", "pinyin": "wangxiaoming"},
        "idempotency_key": uuid4().hex,
    }
    fields.update(changes)
    return NewReport(**fields)


def an_act(case_id: UUID, worker: Worker, **changes: object) -> NewSubmission:
    """Accepting a report."""
    fields: dict[str, Any] = {
        "case_id": case_id,
        "kind": ActKind.DO,
        "actor": worker.actor,
        "item": "accept.1.1",
        "outcome": "accept",
        "content": {"note": "已电话核实"},
        "idempotency_key": uuid4().hex,
    }
    fields.update(changes)
    return NewSubmission(**fields)


def an_item(task: str = "accept", /, **changes: object) -> Item:
    """An open item of a case."""
    fields: dict[str, Any] = {
        "id": f"{task}.1.1",
        "task": task,
        "round": 1,
        "tag": "1",
        "territory": TOWNSHIP[:6],
        "opened_at": NOW,
    }
    fields.update(changes)
    return Item(**fields)


def a_clock(item: str = "accept.1.1", hours: float = 24, **changes: object) -> Clock:
    """A running statutory limit of an item."""
    fields: dict[str, Any] = {
        "id": f"{item}:D-01:1",
        "item": item,
        "rule": "D-01@2026-01-01",
        "kind": "limit",
        "statutory": True,
        "start_at": NOW,
        "due_at": NOW + timedelta(hours=hours),
    }
    fields.update(changes)
    return Clock(**fields)


def a_step(case_id: UUID, rev: int = 1, **changes: object) -> Projection:
    """One step of a case; the first one opens it with an item to accept and its clock."""
    first: dict[str, Any] = {
        "events": [Event("case.opened", NOW), Event("item.opened", NOW, item="accept.1.1", task="accept")],
        "items": [an_item()],
        "clocks": [a_clock()],
    }
    fields: dict[str, Any] = {
        "case_id": str(case_id),
        "process": "protection",
        "version": 1,
        "rev": rev,
        "as_of": NOW + timedelta(minutes=rev),
        "territory": TOWNSHIP,
        "status": CaseStatus.OPEN,
        "stage": "report",
        "round": 1,
        "hops": 0,
        "merged_into": "",
        "facts": {"colour": "red"},
        "events": [],
        "items": [],
        "clocks": [],
        "notices": [],
    }
    fields.update(first if rev == 1 else {})
    fields.update(changes)
    return Projection(**fields)
