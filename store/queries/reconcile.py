"""What the reconciler compares with the engine, and the repairs that are SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from domain.state import CaseStatus
from store.database import Tx
from store.rows import values
from store.tables import Case

_UNBORN = text(
    """
    SELECT r.id AS report_id, r.case_id, r.received_at, o.done_at IS NOT NULL AS handed_over
    FROM report r LEFT JOIN outbox o ON o.ref_id = r.id
    WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = r.case_id) AND r.received_at < now() - :older_than
    ORDER BY r.received_at LIMIT :limit
    """
)
_UNANSWERED = text(
    """
    SELECT s.id AS submission_id, s.case_id, s.received_at
    FROM submission s JOIN outbox o ON o.ref_id = s.id AND o.done_at IS NOT NULL
    WHERE s.state = 'pending' AND o.done_at < now() - :older_than
    ORDER BY s.received_at LIMIT :limit
    """
)
_AGAIN = text(
    """
    UPDATE outbox SET done_at = NULL, next_try_at = now(), last_error = 'reconciled'
    WHERE ref_id = :ref_id AND done_at IS NOT NULL
    """
)
_HAND_OVER = text(
    """
    INSERT INTO outbox (kind, case_id, ref_id, due_first)
    SELECT 'start', case_id, id, received_at FROM report WHERE id = :ref_id
    ON CONFLICT (ref_id) DO NOTHING
    """
)

_TELL_AGAIN = text(
    """
    UPDATE outbox SET done_at = NULL, attempts = 0, next_try_at = now(), last_error = 'retold' WHERE case_id = :case_id
    """
)
_UNREPORTED = text(
    """
    SELECT asked.id FROM unnest(CAST(:ids AS uuid[])) AS asked(id)
    WHERE NOT EXISTS (SELECT 1 FROM report WHERE case_id = asked.id)
    """
)


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as the read model has it, to be compared with its workflow."""

    id: UUID
    number: str
    rev: int
    status: CaseStatus


@dataclass(frozen=True, slots=True)
class UnbornCase:
    """A report without a case in the read model. ``handed_over``: the engine was given it and should have one."""

    report_id: UUID
    case_id: UUID
    received_at: datetime
    handed_over: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A submission the engine was given and has not answered."""

    submission_id: UUID
    case_id: UUID
    received_at: datetime


async def known_cases(tx: Tx, *, after: UUID | None = None, limit: int = 500) -> list[KnownCase]:
    """The next cases by id, whatever their status."""
    query = select(col(Case.id), col(Case.number), col(Case.rev), col(Case.status)).order_by(col(Case.id)).limit(limit)
    if after:
        query = query.where(col(Case.id) > after)
    return [KnownCase(row.id, row.number, row.rev, CaseStatus(row.status)) for row in await tx.execute(query)]


async def unborn_cases(tx: Tx, *, older_than: timedelta = timedelta(minutes=5), limit: int = 500) -> list[UnbornCase]:
    """Reports received longer ago than ``older_than`` that no case has come of."""
    rows = await tx.execute(_UNBORN, {"older_than": older_than, "limit": limit})
    return [UnbornCase(**values(row)) for row in rows]


async def unanswered(tx: Tx, *, older_than: timedelta = timedelta(minutes=5), limit: int = 500) -> list[Unanswered]:
    """Submissions handed over longer ago than ``older_than`` that still wait for an answer."""
    rows = await tx.execute(_UNANSWERED, {"older_than": older_than, "limit": limit})
    return [Unanswered(**values(row)) for row in rows]


async def hand_over_again(tx: Tx, ref_id: UUID) -> bool:
    """Put a report or submission back into the outbox; True when something changed. Harmless: hand-overs repeat."""
    again = (await tx.execute(_AGAIN, {"ref_id": ref_id})).rowcount
    missing = (await tx.execute(_HAND_OVER, {"ref_id": ref_id})).rowcount
    return bool(again or missing)


async def tell_again(tx: Tx, case_id: UUID) -> int:
    """Put the whole life of a case back into the outbox, in its order: its report and every act asked of it.

    The engine lives it again with the instants at which things were received; the read model keeps what it has.
    """
    return (await tx.execute(_TELL_AGAIN, {"case_id": case_id})).rowcount


async def unreported(tx: Tx, case_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the cases that no report stands behind."""
    return list((await tx.scalars(_UNREPORTED, {"ids": list(case_ids)})).all())
