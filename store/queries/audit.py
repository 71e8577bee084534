"""Reading the audit trail. Writing is ``store.trail``; nothing changes a row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from store.database import Tx
from store.paging import Page, cut, from_place, to_place
from store.rows import columns_for, values
from store.tables import Audit


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the trail."""

    seq: int
    at: datetime
    person_id: UUID | None
    role: str
    territory: str
    action: str
    object_kind: str
    object_id: str
    reason: str
    result: str
    request_id: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the trail is narrowed to; empty fields narrow nothing."""

    person_id: UUID | None = None
    object_kind: str = ""
    object_id: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def trail(tx: Tx, narrow: AuditFilter = AuditFilter(), *, limit: int = 100, after: str = "") -> Page[AuditLine]:
    """A page of the trail, latest first. Needs ``Verb.READ_AUDIT``; reading it is itself recorded."""
    query = select(*columns_for(AuditLine, Audit)).order_by(col(Audit.seq).desc()).limit(limit + 1)
    if narrow.person_id:
        query = query.where(col(Audit.person_id) == narrow.person_id)
    if narrow.object_kind:
        query = query.where(col(Audit.object_kind) == narrow.object_kind)
    if narrow.object_id:
        query = query.where(col(Audit.object_id) == narrow.object_id)
    if narrow.action:
        query = query.where(col(Audit.action) == narrow.action)
    if narrow.since:
        query = query.where(col(Audit.at) >= narrow.since)
    if narrow.until:
        query = query.where(col(Audit.at) < narrow.until)
    if after:
        query = query.where(col(Audit.seq) < int(from_place(after, 1)[0]))
    rows = (await tx.execute(query)).all()
    return cut(rows, limit, lambda row: AuditLine(**values(row)), lambda row: to_place(row.seq))
