"""What a reporter may learn of a report: neutral words, no child data, and no difference between unknown and wrong."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from domain.checks import Invalid
from domain.receipts import check_lookup_code, check_receipt, opens
from domain.state import CaseStatus
from store.crypto import FieldCipher
from store.database import Tx
from store.rows import columns_for, values
from store.tables import Report

# One query whether the number exists or not; the merged case answers for the one that was merged into it.
_STATUS = text(
    """
    SELECT r.id, r.received_at, r.police_told, r.feedback_code, r.feedback_at, coalesce(m.status, c.status) AS status,
           EXISTS (
               SELECT 1 FROM work_item w
               WHERE w.case_id = r.case_id AND w.task IN ('accept', 'coordinate') AND w.status = 'done'
           ) AS taken_in
    FROM report r LEFT JOIN cases c ON c.id = r.case_id LEFT JOIN cases m ON m.id = c.merged_into
    WHERE r.receipt = :receipt
    """
)
_NOBODY = UUID(int=0)
_NO_RECEIPT = "JL00-0000-0000-00000"
_NO_CODE = "222222"


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """The answer to number and code. ``case_status`` None: stored, not taken up by the engine yet."""

    received_at: datetime
    taken_in: bool
    case_status: CaseStatus | None
    police_told: bool
    feedback_code: str | None
    feedback_at: datetime | None


@dataclass(frozen=True, slots=True)
class FiledReport:
    """A line of "my reports" of a person who was signed in, or of a unit."""

    receipt: str
    received_at: datetime
    territory: str
    feedback_code: str | None
    feedback_at: datetime | None


async def status(tx: Tx, cipher: FieldCipher, number: str, code: str) -> ReportStatus | None:
    """How a report stands, for whoever has its number and its code.

    None for an unknown number, a wrong code and a text that is neither, in the same way and in the same time.
    """
    well_formed = True
    try:
        number, code = check_receipt(number), check_lookup_code(code)
    except Invalid:
        number, code, well_formed = _NO_RECEIPT, _NO_CODE, False
    row = (await tx.execute(_STATUS, {"receipt": number})).one_or_none()
    fits = opens(cipher.lookup_key, row.id if row else _NOBODY, code)
    if not (row and fits and well_formed):
        return None
    case_status = CaseStatus(row.status) if row.status else None
    return ReportStatus(row.received_at, row.taken_in, case_status, row.police_told, row.feedback_code, row.feedback_at)


async def filed_by(tx: Tx, person_id: UUID, *, limit: int = 50) -> list[FiledReport]:
    """The latest reports a person has filed while signed in."""
    query = select(*columns_for(FiledReport, Report)).where(col(Report.person_id) == person_id)
    query = query.order_by(col(Report.received_at).desc()).limit(limit)
    return [FiledReport(**values(row)) for row in await tx.execute(query)]
