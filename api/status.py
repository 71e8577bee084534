"""How a report stands, for whoever has its number and code: neutral words, the last feedback, nothing of the child."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starlette.requests import Request

from api.i18n import Language
from api.limits import STATUS, STATUS_ADDRESS, address_of
from api.services import backend_of
from domain.checks import Invalid
from domain.protection_forms import FEEDBACK
from domain.receipts import check_receipt
from domain.state import CaseStatus
from domain.words import N_
from store.queries.reports import ReportStatus, status

WRONG = N_("回执号或查询码不对。请对照回执逐位核对后再试。")


class Progress(StrEnum):
    """What a reporter is told of the handling, in order."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    NOT_TAKEN = "not_taken"


WORDS: dict[Progress, str] = {
    Progress.RECEIVED: N_("已收到，等待受理"),
    Progress.ACCEPTED: N_("已受理，正在处置"),
    Progress.FINISHED: N_("已办结"),
    Progress.NOT_TAKEN: N_("已核查，不作为个案办理"),
}
STEPS = (
    (Progress.RECEIVED, N_("已收到")),
    (Progress.ACCEPTED, N_("受理、处置")),
    (Progress.FINISHED, N_("办结、告知")),
)
_ENDED = {CaseStatus.CLOSED: Progress.FINISHED, CaseStatus.SCREENED_OUT: Progress.NOT_TAKEN}
_FEEDBACK = {option.key: option.title for option in FEEDBACK}


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """The answer to number and code."""

    received_at: datetime
    stage: Progress
    feedback: str | None
    feedback_at: datetime | None

    def document(self, language: Language) -> dict[str, object]:
        """As the API says it."""
        return {
            "received_at": self.received_at.isoformat(),
            "stage": self.stage.value,
            "stage_title": language.gettext(self.words),
            "feedback": language.gettext(self.feedback) if self.feedback else None,
            "feedback_at": self.feedback_at.isoformat() if self.feedback_at else None,
        }

    @property
    def words(self) -> str:
        """The stage in words."""
        return WORDS[self.stage]

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The stages with their states, for the page."""
        last = STEPS[-1][0] if self.stage is Progress.NOT_TAKEN else self.stage
        now = [step for step, _ in STEPS].index(last)
        ended = last is Progress.FINISHED
        return [
            (title, "done" if place < now or ended else "now" if place == now else "next")
            for place, (_, title) in enumerate(STEPS)
        ]


async def look_up(request: Request, number: str, code: str) -> ReportProgress | None:
    """How a report stands; None for an unknown number, a wrong code or a text that is neither, all in the same way.

    Raises Problem 429 after too many tries of one number, or of one address.
    """
    backend, address = backend_of(request), address_of(request)
    await STATUS_ADDRESS.count(request, address)
    await STATUS.count(request, address, _canonical(number))
    async with backend.db.read() as tx:
        found = await status(tx, backend.cipher, number, code)
    return progress_of(found) if found else None


def _canonical(number: str) -> str:
    """One counter for every way to write a number."""
    try:
        return check_receipt(number)
    except Invalid:
        return "".join(number.split()).upper()


def progress_of(found: ReportStatus) -> ReportProgress:
    """What a reporter may know of ``found``."""
    stage = Progress.ACCEPTED if found.taken_in else Progress.RECEIVED
    if found.case_status is not None:
        stage = _ENDED.get(found.case_status, stage)
    feedback = _FEEDBACK.get(found.feedback_code or "")
    return ReportProgress(found.received_at, stage, feedback, found.feedback_at if feedback else None)
