"""What the page of one case shows. Callers have asked for the case by :func:`store.queries.cases.get_case` before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlmodel import col

from store.crypto import FieldCipher, Place
from store.database import Tx
from store.keys import KeyDomain
from store.paging import Page, cut, from_place, to_place
from store.rows import AnyRow, columns_for, table_of, values
from store.tables import CaseEvent, Clock, Reporter, Submission, WorkItem


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the timeline. ``content``: the words submitted with it, when the reader may have them."""

    rev: int
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    person_id: UUID | None
    role: str
    unit_id: UUID | None
    item: str
    task: str
    clock: str
    outcome: str
    act: str
    codes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report of the case, opened. ``case_id``: the case it was filed in (another one when that was merged in)."""

    id: UUID
    case_id: UUID
    receipt: str
    received_at: datetime
    discovered_at: datetime | None
    territory: str
    situation: str
    danger: str
    age_band: str
    care: str
    colour: str
    police_told: bool
    omission: bool
    unit_id: UUID | None
    person_id: UUID | None
    feedback_code: str | None
    feedback_at: datetime | None
    keep_secret: bool
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """What a person submitted, opened, and where it stands."""

    id: UUID
    kind: str
    item: str
    task: str
    clock: str
    outcome: str
    reason: str
    codes: dict[str, Any]
    person_id: UUID | None
    role: str
    unit_id: UUID | None
    received_at: datetime
    state: str
    refusal: dict[str, Any] | None
    rev: int | None
    content: dict[str, Any]


async def events(tx: Tx, case_id: UUID, *, limit: int = 100, after: str = "") -> Page[EventView]:
    """A page of the timeline, latest first."""
    rev, seq = col(CaseEvent.rev), col(CaseEvent.seq)
    query = select(*columns_for(EventView, CaseEvent))
    query = query.where(col(CaseEvent.case_id) == case_id).order_by(rev.desc(), seq.desc()).limit(limit + 1)
    if after:
        last_rev, last_seq = from_place(after, 2)
        query = query.where(tuple_(rev, seq) < tuple_(int(last_rev), int(last_seq)))
    rows = (await tx.execute(query)).all()
    return cut(rows, limit, lambda row: EventView(**values(row)), lambda row: to_place(row.rev, row.seq))


async def items(tx: Tx, case_id: UUID) -> list[WorkItem]:
    """All items of a case, open ones first, each group in the order in which they were opened."""
    query = select(table_of(WorkItem)).where(col(WorkItem.case_id) == case_id)
    query = query.order_by(col(WorkItem.status) != "open", col(WorkItem.opened_at), col(WorkItem.id))
    return [WorkItem(**values(row)) for row in await tx.execute(query)]


async def clocks(tx: Tx, case_id: UUID) -> list[Clock]:
    """All clocks of a case, running ones first, by due instant."""
    query = select(table_of(Clock)).where(col(Clock.case_id) == case_id)
    query = query.order_by(col(Clock.status) != "running", col(Clock.due_at), col(Clock.id))
    return [Clock(**values(row)) for row in await tx.execute(query)]


_REPORTS = text(
    """
    SELECT r.id, r.case_id, r.receipt, r.received_at, r.discovered_at, r.territory, r.situation, r.danger, r.age_band,
           r.care, r.colour, r.police_told, r.omission, r.unit_id, r.person_id, r.feedback_code, r.feedback_at,
           coalesce(w.keep_secret, false) AS keep_secret, r.content_enc
    FROM report r LEFT JOIN reporter w ON w.report_id = r.id
    WHERE r.case_id = :case_id OR r.case_id IN (SELECT id FROM cases WHERE merged_into = :case_id)
    ORDER BY r.received_at, r.id
    """
)


async def reports(tx: Tx, cipher: FieldCipher, case_id: UUID) -> list[ReportView]:
    """The reports of a case and of those merged into it, opened, oldest first. Needs ``Verb.READ_REPORT``; audit it."""
    return [_report(row, cipher) for row in await tx.execute(_REPORTS, {"case_id": case_id})]


async def reporter(tx: Tx, cipher: FieldCipher, report_id: UUID) -> dict[str, Any] | None:
    """Who reported, opened; None for a report without. Needs ``Verb.READ_REPORTER``; audit it."""
    sealed = await tx.scalar(select(col(Reporter.identity_enc)).where(col(Reporter.report_id) == report_id))
    if sealed is None:
        return None
    place = Place(KeyDomain.REPORTER, report_id, "reporter", report_id, "identity_enc")
    return _json(cipher.open(place, sealed))


async def submissions(
    tx: Tx, cipher: FieldCipher, case_id: UUID, ids: Sequence[UUID] | None = None
) -> list[SubmissionView]:
    """What was submitted on a case, opened, oldest first; only ``ids`` when given. Needs ``Verb.READ_REPORT``."""
    table = table_of(Submission)
    names = columns_for(SubmissionView, Submission, without=("content",))
    query = select(*names, table.c.content_enc).where(table.c.case_id == case_id)
    if ids is not None:
        query = query.where(table.c.id.in_(ids))
    rows = await tx.execute(query.order_by(table.c.received_at, table.c.id))
    return [_submission(row, cipher, case_id) for row in rows]


def _report(row: AnyRow, cipher: FieldCipher) -> ReportView:
    place = Place(KeyDomain.CASE, row.case_id, "report", row.id, "content_enc")
    fields = values(row)
    return ReportView(content=_json(cipher.open(place, fields.pop("content_enc"))), **fields)


def _submission(row: AnyRow, cipher: FieldCipher, case_id: UUID) -> SubmissionView:
    place = Place(KeyDomain.CASE, case_id, "submission", row.id, "content_enc")
    fields = values(row)
    sealed = fields.pop("content_enc")
    return SubmissionView(content=_json(cipher.open(place, sealed)) if sealed else {}, **fields)


def _json(plain: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(plain)
    return value
