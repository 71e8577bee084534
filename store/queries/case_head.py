"""A case and what its page must point at, in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain.acts import Actor
from domain.state import CaseStatus
from store import scope
from store.database import Tx
from store.queries.cases import CaseView
from store.rows import columns_for, values
from store.tables import Case, CaseLink, Report, Submission
from store.tables.case_link import LinkState
from store.tables.submission import SubmissionState


@dataclass(frozen=True, slots=True)
class Signals:
    """What stands around a case: open link suggestions, its reports, acts still on their way, cases merged into it."""

    suggested: int
    reports: int
    pending: int
    joined: tuple[UUID, ...]


async def case_head(tx: Tx, actor: Actor, case_id: UUID) -> tuple[CaseView, Signals] | None:
    """The case with its signals; None when there is none or the post may not know of it: the two are not told apart."""
    joined = aliased(Case)
    signals: dict[str, ColumnElement[Any]] = {
        "suggested": select(func.count())
        .where(
            or_(col(CaseLink.case_a) == case_id, col(CaseLink.case_b) == case_id),
            col(CaseLink.state) == LinkState.SUGGESTED,
        )
        .scalar_subquery(),
        "reports": select(func.count()).where(col(Report.case_id) == case_id).scalar_subquery(),
        "pending": select(func.count())
        .where(col(Submission.case_id) == case_id, col(Submission.state) == SubmissionState.PENDING)
        .scalar_subquery(),
        "joined": select(func.array_agg(col(joined.id))).where(col(joined.merged_into) == case_id).scalar_subquery(),
    }
    query = select(*columns_for(CaseView, Case), *(column.label(name) for name, column in signals.items()))
    row = (await tx.execute(query.where(scope.cases(actor), col(Case.id) == case_id))).one_or_none()
    if row is None:
        return None
    fields = values(row)
    told = Signals(
        fields.pop("suggested"), fields.pop("reports"), fields.pop("pending"), tuple(fields.pop("joined") or ())
    )
    return CaseView(**(fields | {"status": CaseStatus(row.status), "involved": tuple(row.involved)})), told
