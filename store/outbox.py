"""What the relay does with SQL: take what is due, hand it over, write down the answer. Rows of one case go in order."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import TextClause, text

from domain.acts import Act, ActKind, Actor, Refused
from store.database import Database
from store.rows import AnyRow
from store.tables.outbox import OutboxKind

LEASE = timedelta(seconds=30)
"""How long a taken row is nobody else's: longer than a hand-over may take, short enough after a crash."""

_BACK_OFF_SECONDS = 1.0
_BACK_OFF_MOST_SECONDS = 300.0

_TAKE = """
    WITH due AS (
        SELECT o.id FROM outbox o
        WHERE o.done_at IS NULL AND o.next_try_at <= now()
          AND {which}
          AND NOT EXISTS (
              SELECT 1 FROM outbox e
              WHERE e.case_id = o.case_id AND e.done_at IS NULL AND (e.due_first, e.id) < (o.due_first, o.id)
          )
        ORDER BY o.due_first, o.id LIMIT :limit
        FOR UPDATE OF o SKIP LOCKED
    )
    UPDATE outbox o SET attempts = o.attempts + 1, next_try_at = now() + :lease
    FROM due WHERE o.id = due.id
    RETURNING o.id, o.kind, o.case_id, o.ref_id, o.due_first, o.attempts
"""
_TAKE_OLDEST = text(_TAKE.format(which="true"))
_TAKE_ONE = text(_TAKE.format(which="o.ref_id = :ref_id"))
_REPORTS = text(
    """
    SELECT id, case_id, received_at, discovered_at, territory, situation, danger, age_band, care, colour, triage_row,
           police_told, omission
    FROM report WHERE id = ANY(:ids)
    """
)
_SUBMISSIONS = text(
    """
    SELECT id, kind, received_at, person_id, role, territory, unit_id, item, task, clock, outcome, reason, other, codes
    FROM submission WHERE id = ANY(:ids)
    """
)
_DONE = text("UPDATE outbox SET done_at = now(), last_error = NULL WHERE id = ANY(:ids) AND done_at IS NULL")
_FAILED = text(
    """
    UPDATE outbox
    SET last_error = :code, next_try_at = now() + make_interval(secs => least(:first * power(2, attempts - 1), :most))
    WHERE id = :id AND done_at IS NULL
    """
)
_APPLIED = text(
    "UPDATE submission SET state = 'applied', rev = :rev, answered_at = now() WHERE id = :id AND state = 'pending'"
)
_REFUSED = text(
    """
    UPDATE submission SET state = 'refused', refusal = :refusal, answered_at = now()
    WHERE id = :id AND state = 'pending'
    """
)
_GATE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:case_id, 0))")
_PENDING = text(
    "SELECT count(*) FROM submission WHERE case_id = :case_id AND state = 'pending' AND received_at <= :instant"
)
_BACKLOG = text(
    """
    SELECT count(*), min(due_first), count(*) FILTER (WHERE attempts > 5), max(last_error)
    FROM outbox WHERE done_at IS NULL
    """
)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a case is started from: codes and instants of its report, no words."""

    report_id: UUID
    case_id: UUID
    received_at: datetime
    discovered_at: datetime | None
    territory: str
    situation: str
    danger: str
    age_band: str
    care: str
    colour: str
    triage_row: str
    police_told: bool
    omission: bool


@dataclass(frozen=True, slots=True)
class HandOver:
    """One row to hand to the engine: a case to start (``report``) or an act to send to it (``act``)."""

    id: int
    case_id: UUID
    received_at: datetime
    attempts: int
    report: ReportFacts | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the relay is behind. ``struck``: rows tried more than five times; ``last_error``: one of their codes."""

    waiting: int
    oldest_at: datetime | None
    struck: int
    last_error: str | None


class Outbox:
    """The hand-over rows, for the relay and for the activities that must know what is still on its way."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take_due(self, limit: int = 50, lease: timedelta = LEASE) -> list[HandOver]:
        """Lease the oldest rows that may be handed over now, at most one a case; no other relay gets them meanwhile.

        A row not marked within the lease is due again: hand over idempotently.
        """
        return await self._take(_TAKE_OLDEST, {"limit": limit, "lease": lease})

    async def take(self, ref_id: UUID, lease: timedelta = LEASE) -> HandOver | None:
        """Lease the row of one report or submission; None when it is done, leased, or has an earlier one before it."""
        taken = await self._take(_TAKE_ONE, {"ref_id": ref_id, "limit": 1, "lease": lease})
        return taken[0] if taken else None

    async def _take(self, statement: TextClause, parameters: dict[str, Any]) -> list[HandOver]:
        async with self._db.unit_of_work() as tx:
            rows = (await tx.execute(statement, parameters)).all()
            if not rows:
                return []
            starts = [row.ref_id for row in rows if row.kind == OutboxKind.START]
            acts = [row.ref_id for row in rows if row.kind == OutboxKind.ACT]
            reports = {r.id: _facts(r) for r in await tx.execute(_REPORTS, {"ids": starts})} if starts else {}
            asked = {s.id: _act(s) for s in await tx.execute(_SUBMISSIONS, {"ids": acts})} if acts else {}
        taken = [
            HandOver(
                row.id,
                row.case_id,
                row.due_first.astimezone(UTC),
                row.attempts,
                reports.get(row.ref_id),
                asked.get(row.ref_id),
            )
            for row in rows
        ]
        return sorted(taken, key=lambda row: (row.received_at, row.id))

    async def mark_done(self, *ids: int) -> None:
        """The engine has them. Harmless when repeated."""
        async with self._db.unit_of_work() as tx:
            await tx.execute(_DONE, {"ids": list(ids)})

    async def mark_failed(self, row_id: int, code: str) -> None:
        """Not handed over: try again after 1, 2, 4 … 300 seconds. ``code`` is a word, never a message."""
        parameters = {"id": row_id, "code": code, "first": _BACK_OFF_SECONDS, "most": _BACK_OFF_MOST_SECONDS}
        async with self._db.unit_of_work() as tx:
            await tx.execute(_FAILED, parameters)

    async def mark_applied(self, submission: UUID, rev: int) -> None:
        """The case has carried the act out. Harmless when repeated; the first answer stays."""
        async with self._db.unit_of_work() as tx:
            await tx.execute(_APPLIED, {"id": submission, "rev": rev})

    async def mark_refused(self, submission: UUID, refused: Refused) -> None:
        """The case has refused the act; the reason is kept for the person who asked. The first answer stays."""
        answer: dict[str, Any] = asdict(refused)
        answer["changed_at"] = str(refused.changed_at) if refused.changed_at else None
        async with self._db.unit_of_work() as tx:
            await tx.execute(_REFUSED, {"id": submission, "refusal": Jsonb(answer)})

    async def pending_before(self, case_id: UUID, instant: datetime) -> int:
        """How many acts on this case, received at or before ``instant``, its workflow has not answered yet.

        Waits for a submission that is just being stored: after 0 none received by then can appear.
        """
        async with self._db.unit_of_work() as tx:
            await tx.execute(_GATE, {"case_id": str(case_id)})
            return int(await tx.scalar(_PENDING, {"case_id": case_id, "instant": instant}) or 0)

    async def backlog(self) -> Backlog:
        """How many rows wait, since when, and whether some keep failing."""
        async with self._db.read() as tx:
            waiting, oldest, struck, error = (await tx.execute(_BACKLOG)).one()
        return Backlog(waiting, oldest.astimezone(UTC) if oldest else None, struck, error)


def _facts(row: AnyRow) -> ReportFacts:
    discovered = row.discovered_at.astimezone(UTC) if row.discovered_at else None
    return ReportFacts(
        row.id,
        row.case_id,
        row.received_at.astimezone(UTC),
        discovered,
        row.territory,
        row.situation,
        row.danger,
        row.age_band,
        row.care,
        row.colour,
        row.triage_row,
        row.police_told,
        row.omission,
    )


def _act(row: AnyRow) -> Act:
    person = str(row.person_id) if row.person_id else ""
    unit = str(row.unit_id) if row.unit_id else ""
    return Act(
        id=str(row.id),
        kind=ActKind(row.kind),
        at=row.received_at.astimezone(UTC),
        actor=Actor(person, row.role, row.territory, unit),
        item=row.item,
        task=row.task,
        clock=row.clock,
        outcome=row.outcome,
        reason=row.reason,
        other=row.other,
        codes=row.codes,
    )
