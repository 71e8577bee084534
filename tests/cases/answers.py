"""What the office answers: an outcome for every task, and the coded answers that outcome asks for.

They come from the case's own words by one rule each; what the source does not tell is answered by a plain constant.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import protection_keys as p
from domain.acts import Code, Codes
from domain.protection_forms import MEASURES
from domain.state import CaseState, ItemStatus
from domain.zone import CHINA
from tests.cases.published import PublishedCase

A_MONTH = timedelta(days=30)
_MEASURES = tuple(measure.key for measure in MEASURES)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an answer is given from: the line that is told, and the case as it stands.

    ``aim``: the task for whose sake this one is done.
    """

    at: datetime
    who: str
    words: str
    case: PublishedCase
    state: CaseState
    aim: str
    police_told: bool
    omitted: str
    knew_on: str
    why: str

    @property
    def day(self) -> str:
        """The day in China."""
        return self.at.astimezone(CHINA).date().isoformat()

    @property
    def in_a_month(self) -> str:
        """The day thirty days on, where a day must be set and none was published."""
        return (self.at + A_MONTH).astimezone(CHINA).date().isoformat()

    @property
    def measures(self) -> list[str]:
        """The emergency measures that were taken or are being taken."""
        done = {item.task for item in self.state.items.values() if item.status is ItemStatus.DONE}
        return [measure for measure in _MEASURES if measure in done or measure == self.aim]


def outcome_of(task: str, scene: Scene) -> str:
    """How a task ends when nothing else is told of it."""
    if task == p.NOTIFY_POLICE and scene.police_told:
        return "already"
    if task == p.SAFETY_DECISION and scene.measures:
        return "measures"
    return _OUTCOMES[task]


def codes_of(task: str, outcome: str, scene: Scene) -> Codes:
    """The coded answers of an outcome."""
    answers = _CODES.get((task, outcome))
    return answers(scene) if answers else {}


_OUTCOMES = {
    p.ACCEPT: "accept",
    p.NOTIFY_POLICE: "notified",
    p.POLICE_RECEIPT: "filed",
    p.ACKNOWLEDGE: "told",
    p.OMISSION: "recorded",
    p.ONSITE_CHECK: "no_danger",
    p.UNSEEN_REPORT: "found",
    p.SAFETY_DECISION: "safe",
    p.ENTRUST_RELATIVE: "done",
    p.TEMPORARY_GUARDIANSHIP: "placed",
    p.MEDICAL: "done",
    p.SHELTER: "done",
    p.HANDOVER: "done",
    p.NOTIFY_TOWNSHIP: "done",
    p.TEMPORARY_REVIEW: "done",
    p.TEMPORARY_EXIT: "decided",
    p.GRADING: "graded",
    p.ASSESSMENT: "assessed",
    p.HELP_PLAN: "planned",
    p.SERVICE: "done",
    p.PLAN_REVIEW: "finish",
    p.VISIT: "seen",
    p.CONFERENCE: "decided",
    p.WARNING: "issued",
    p.WARNING_REVIEW: "kept",
    p.REVOCATION_DECISION: "not_file",
    p.REVOCATION_FILING: "filed",
    p.REVOCATION_JUDGMENT: "revoked",
    p.PROPOSE_CLOSE: "propose",
    p.APPROVE_CLOSE: "approve",
}

Words = Sequence[tuple[str, str]]

_GROUNDS: Words = (
    ("UNKNOWN_MISSING_TRAFFICKED|ORG_BEGGING", "unknown_identity"),
    ("ABANDONED_UNATTENDED|LIVING_ALONE|GUARDIAN_UNABLE", "refusal"),
    ("", "harm"),
)
_PLACEMENTS: Words = (
    ("福利院", "welfare_institution"),
    ("寄养", "foster_family"),
    ("亲属|舅|姑|姨", "relatives"),
    ("", "protection_centre"),
)
_POLICE_ANSWERS: Words = (("立案|抓获|强制措施|传唤|公诉|判", "criminal"), ("", "assistance"))
_GUARDIANSHIP: Words = (
    ("事实无人抚养|不明|联系不上|失联|放弃抚养|不履行抚养|服刑", "absent"),
    ("虐待|殴打|监护不力", "improper"),
    ("", "insufficient"),
)
_EXITS: Words = (("guardian_changed", "other_guardian"), ("long_term_care", "long_term"), ("", "other_guardian"))
_WARNING_KINDS: Words = (("家庭教育", "guidance_order"), ("告诫", "violence_warning"), ("", "admonition"))
_BODIES = {"公安": "police", "检察": "procuratorate", "法院": "court"}
_REVOCATION_GROUNDS: Words = (("不履行|放弃|拒绝|不闻不问", "neglect"), ("", "serious_harm"))
_PARTICIPANTS: Words = (
    ("公安", "police"),
    ("检察", "procuratorate"),
    ("教育", "education"),
    ("", "protection_centre"),
)


def _first(words: Words, text: str) -> str:
    return next(code for pattern, code in words if re.search(pattern, text))


def _on_day(scene: Scene) -> Codes:
    return {"on_day": scene.day}


def _colour(scene: Scene) -> str:
    return scene.state.facts["colour"]


def _omission(scene: Scene) -> Codes:
    who: Codes = {"who": scene.omitted or "other"}
    return who | {"knew_on": scene.knew_on} if scene.knew_on else who


def _plan(scene: Scene) -> Codes:
    relief: Code = [{"service": "relief", "provider": "civil_affairs", "due": scene.in_a_month}]
    return {"services": relief}


def _conference(scene: Scene) -> Codes:
    present = [code for pattern, code in _PARTICIPANTS if re.search(pattern, scene.words)]
    return {"participants": present, "decisions": ["none"]}


_CODES: dict[tuple[str, str], Callable[[Scene], Codes]] = {
    (p.NOTIFY_POLICE, "notified"): lambda s: {"told_at": s.at.isoformat()},
    (p.POLICE_RECEIPT, "filed"): lambda s: {"answer": _first(_POLICE_ANSWERS, s.words), "filed_on": s.day},
    (p.ACKNOWLEDGE, "told"): lambda _: {"feedback": "measures"},
    (p.OMISSION, "recorded"): _omission,
    (p.SAFETY_DECISION, "measures"): lambda s: {"measures": s.measures},
    (p.ENTRUST_RELATIVE, "done"): _on_day,
    (p.TEMPORARY_GUARDIANSHIP, "placed"): lambda s: {
        "ground": _first(_GROUNDS, s.case.situation),
        "placement": _first(_PLACEMENTS, s.words),
    },
    (p.MEDICAL, "done"): _on_day,
    (p.SHELTER, "done"): _on_day,
    (p.HANDOVER, "done"): _on_day,
    (p.TEMPORARY_REVIEW, "done"): lambda _: {"seen_child": True},
    (p.TEMPORARY_EXIT, "decided"): lambda s: {"exit": _first(_EXITS, s.why)},
    (p.GRADING, "graded"): lambda s: {"colour": _colour(s)},
    (p.ASSESSMENT, "assessed"): lambda s: {
        "assessors": 2,
        "guardianship": _first(_GUARDIANSHIP, s.words + s.case.guardian_condition),
        "colour": _colour(s),
    },
    (p.HELP_PLAN, "planned"): _plan,
    (p.SERVICE, "done"): _on_day,
    (p.PLAN_REVIEW, "finish"): lambda s: {"colour": _colour(s)},
    (p.CONFERENCE, "decided"): _conference,
    (p.WARNING, "issued"): lambda s: {
        "kind": _first(_WARNING_KINDS, s.words),
        "body": _BODIES.get(s.who, "court"),
        "on_day": s.day,
        "review_day": s.in_a_month,
    },
    (p.REVOCATION_DECISION, "file"): lambda s: {
        "ground": _first(_REVOCATION_GROUNDS, s.case.guardian_condition + s.case.narrative)
    },
    (p.REVOCATION_FILING, "filed"): _on_day,
    (p.REVOCATION_JUDGMENT, "revoked"): _on_day,
    (p.PROPOSE_CLOSE, "propose"): lambda s: {"why": s.why},
}
