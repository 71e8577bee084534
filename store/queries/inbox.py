"""Notices: the in-app inbox of a person, and the queue of what is still to be mailed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import cast as sql_cast
from sqlalchemy import func, literal, select, text, tuple_, update
from sqlmodel import col

from store.crypto import FieldCipher
from store.database import Database, Tx
from store.paging import CAP, Count, Page, cut, from_place, to_place
from store.queries.people import contact_place
from store.rows import values
from store.tables import Case, Notice, WorkItem
from store.types import Id, UtcDateTime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A line of the inbox: which case and task, which clock, and whether its limit was missed."""

    id: UUID
    case_id: UUID
    number: str
    item: str
    task: str | None
    clock: str
    breach: bool
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unmailed:
    """A notice to mail: the address, and nothing about it but the number of its case."""

    id: UUID
    case_id: UUID
    number: str
    address: str
    breach: bool


async def inbox(tx: Tx, person_id: UUID, *, unread: bool = False, limit: int = 50, after: str = "") -> Page[NoticeView]:
    """A page of a person's notices, latest first."""
    at, notice_id = col(Notice.created_at), col(Notice.id)
    query = (
        select(
            notice_id, col(Notice.case_id), col(Case.number), col(Notice.item), col(WorkItem.task), col(Notice.clock),
            col(Notice.breach), at, col(Notice.read_at),
        )
        .join(Case, col(Case.id) == col(Notice.case_id))
        .outerjoin(
            WorkItem, (col(WorkItem.case_id) == col(Notice.case_id)) & (col(WorkItem.id) == col(Notice.item))
        )
        .where(col(Notice.recipient) == person_id)
        .order_by(at.desc(), notice_id.desc())
        .limit(limit + 1)
    )  # fmt: skip
    if unread:
        query = query.where(col(Notice.read_at).is_(None))
    if after:
        instant, last = from_place(after, 2)
        place = tuple_(sql_cast(literal(instant), UtcDateTime), sql_cast(literal(last), Id))
        query = query.where(tuple_(at, notice_id) < place)
    rows = (await tx.execute(query)).all()
    return cut(rows, limit, lambda row: NoticeView(**values(row)), lambda row: to_place(row.created_at, row.id))


async def count_unread(tx: Tx, person_id: UUID) -> Count:
    """How many notices a person has not read."""
    unread = (col(Notice.recipient) == person_id, col(Notice.read_at).is_(None))
    lines = select(literal(1)).select_from(Notice).where(*unread).limit(CAP + 1).subquery()
    return Count(int(await tx.scalar(select(func.count()).select_from(lines)) or 0))


async def mark_read(tx: Tx, person_id: UUID, ids: Sequence[UUID] | None = None) -> None:
    """These notices of the person are read, or all of them. Another's notices stay as they are."""
    query = update(Notice).where(col(Notice.recipient) == person_id, col(Notice.read_at).is_(None))
    if ids is not None:
        query = query.where(col(Notice.id).in_(ids))
    await tx.execute(query.values(read_at=func.now()))


# A lease of five minutes that doubles; given up after ten tries: the inbox has it.
_TAKE = text(
    """
    WITH due AS (
        SELECT n.id FROM notice n JOIN person p ON p.id = n.recipient AND p.active AND p.email_enc IS NOT NULL
        WHERE n.mailed_at IS NULL AND n.mail_attempts < 10
          AND now() >= coalesce(n.mail_after, n.created_at)
        ORDER BY n.created_at LIMIT :limit
        FOR UPDATE OF n SKIP LOCKED
    )
    UPDATE notice n SET mail_attempts = n.mail_attempts + 1,
        mail_after = now() + interval '5 minutes' * power(2, n.mail_attempts)
    FROM due, person p, cases c
    WHERE n.id = due.id AND p.id = n.recipient AND c.id = n.case_id
    RETURNING n.id, n.case_id, c.number, p.id AS person_id, p.email_enc, n.breach
    """
)


class MailQueue:
    """What the mailer needs of the notices."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._cipher = cipher

    async def take_unmailed(self, limit: int) -> list[Unmailed]:
        """Lease notices whose recipient has a mail address; not marked, they come again after five minutes or more."""
        async with self._db.unit_of_work() as tx:
            rows = (await tx.execute(_TAKE, {"limit": limit})).all()
        return [
            Unmailed(
                row.id,
                row.case_id,
                row.number,
                self._cipher.open_text(contact_place(row.person_id, "email_enc"), row.email_enc),
                row.breach,
            )
            for row in rows
        ]

    async def mark_mailed(self, *ids: UUID) -> None:
        """They have been sent."""
        async with self._db.unit_of_work() as tx:
            await tx.execute(update(Notice).where(col(Notice.id).in_(ids)).values(mailed_at=func.now()))
