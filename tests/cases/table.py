"""What a line of a published timeline means for the office: one table for all cases, read from top to bottom.

A row fits a line by who acted and by the words for the act. No row knows a case.
"""

import re
from dataclasses import dataclass

from domain import protection_keys as p
from tests.cases.published import Happening

EVERYBODY = "各部门"
AUTHORITIES = frozenset({"公安", "民政", "检察", "法院", "乡镇", "村委", "妇联", "卫生健康", EVERYBODY})
"""Whoever of these responds, helps or intervenes has taken the report in."""

OWN_LINES = {
    "school": "学校",
    "kindergarten": "学校",
    "hospital": "医院",
    "village_committee": "村委",
    "child_director": "乡镇",
    "hotel": "酒店",
    "social_org": "社会组织",
    "welfare_institution": "民政",
}
"""Whose lines in a timeline are the reporter's own."""

OMITTED = {
    "学校": "school",
    "医院": "hospital",
    "村委": "village_committee",
    "酒店": "hotel",
    "民政": "welfare_institution",
}
OMISSION = re.compile("没有报告|没有上报|拒绝|暂缓")
POLICE_TOLD = re.compile("报警|报案|报告公安|公安机关报告")
BACKGROUND = re.compile("施行|已建立")
"""Rules and mechanisms that came to be are no acts in a case."""


@dataclass(frozen=True, slots=True)
class Row:
    """One meaning. ``outcome`` empty: the office's own answer. ``who`` empty: whoever. ``stages`` empty: at any.

    ``offered``: only when the case asks for it. ``again``: done as often as it is told; otherwise what is done already
    is not done twice. ``every``: all open items of the task. ``implied``: not told by the line, but it must have
    happened by then.
    """

    task: str
    outcome: str
    words: str
    who: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    offered: bool = False
    again: bool = False
    every: bool = False
    implied: bool = False

    def fits(self, line: Happening) -> bool:
        """Whether the line means this."""
        return (
            (not self.who or line.who in self.who or line.who == EVERYBODY)
            and (not self.stages or line.stage in self.stages)
            and re.search(self.words, line.act) is not None
        )


def _of(*who: str) -> frozenset[str]:
    return frozenset(who)


_POLICE, _COURT, _CIVIL = _of("公安"), _of("法院"), _of("民政")
_LOOKERS = _of("公安", "民政", "检察", "妇联", "学校", "乡镇", "村委")
_REVOKED = "撤销.*监护人?资格"
_OTHER_APPLICANTS = _of("村委", "妇联", "学校", "医院", "社会组织")

TABLE: tuple[Row, ...] = (
    Row(p.NOTIFY_POLICE, "", "报案|报警|通报公安", AUTHORITIES - _POLICE),
    Row(p.POLICE_RECEIPT, "filed", "立案侦查|抓获|传唤|强制措施|接警|查明|处置", _POLICE),
    Row(p.POLICE_RECEIPT, "filed", "提起公诉|罪被判|判处", _COURT | _of("检察"), implied=True),
    Row(p.OMISSION, "recorded", "未尽职责|通报批评|培训", offered=True),
    Row(p.ONSITE_CHECK, "door_closed", "不开门", _LOOKERS, again=True),
    Row(p.ONSITE_CHECK, "danger", "派员介入|到场|进屋|查明|派出所处置", _LOOKERS),
    Row(p.UNSEEN_REPORT, "found", "进屋", _LOOKERS, offered=True, every=True),
    Row(p.MEDICAL, "done", "就诊|急救|抢救"),
    Row(p.SHELTER, "done", "带回派出所", _POLICE),
    Row(p.TEMPORARY_GUARDIANSHIP, "placed", "妥善安置|会商安置|送入|临时照料(?!人)", _CIVIL | _of("检察")),
    Row(p.ENTRUST_RELATIVE, "done", "委托.*日常照料", _CIVIL | _of("村委", "乡镇")),
    Row(p.HANDOVER, "done", "妥善安置|送入|签订?.{0,4}协议", _CIVIL | _of("村委", "乡镇"), offered=True, every=True),
    Row(p.TEMPORARY_REVIEW, "done", "生活安全", _CIVIL, offered=True),
    Row(p.ASSESSMENT, "assessed", "认定孩子处于", _CIVIL | _of("检察")),
    Row(p.HELP_PLAN, "planned", "联合救助|家庭寄养", _CIVIL, _of("assessment")),
    Row(p.VISIT, "seen", "回访", AUTHORITIES, _of("assessment"), again=True),
    Row(p.CONFERENCE, "decided", "会商|联席会议", AUTHORITIES),
    Row(p.WARNING, "issued", "告知书|告诫书|训诫|家庭教育指导令", _COURT | _of("公安", "检察")),
    Row(p.REVOCATION_DECISION, "file", f"申请{_REVOKED}", _CIVIL),
    Row(p.REVOCATION_DECISION, "others", f"申请{_REVOKED}", _OTHER_APPLICANTS),
    Row(p.REVOCATION_DECISION, "others", _REVOKED, _COURT),
    Row(p.REVOCATION_FILING, "filed", _REVOKED),
    Row(p.REVOCATION_JUDGMENT, "revoked", _REVOKED, _COURT),
    Row(p.TEMPORARY_EXIT, "decided", _REVOKED, _COURT, offered=True),
)

FIRST: dict[str, tuple[str, ...]] = {
    p.POLICE_RECEIPT: (p.NOTIFY_POLICE,),
    p.ONSITE_CHECK: (p.ACCEPT,),
    p.SAFETY_DECISION: (p.ONSITE_CHECK,),
    p.MEDICAL: (p.SAFETY_DECISION,),
    p.SHELTER: (p.SAFETY_DECISION,),
    p.TEMPORARY_GUARDIANSHIP: (p.SAFETY_DECISION,),
    p.ENTRUST_RELATIVE: (p.SAFETY_DECISION,),
    p.GRADING: (p.SAFETY_DECISION,),
    p.ASSESSMENT: (p.GRADING,),
    p.VISIT: (p.GRADING,),
    p.HELP_PLAN: (p.ASSESSMENT,),
    p.REVOCATION_FILING: (p.REVOCATION_DECISION,),
    p.REVOCATION_JUDGMENT: (p.REVOCATION_FILING,),
}
"""What must have been done before: published is the later act, so the earlier one had been done by then."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case ended. ``why``: the reason it is closed for; "" when it goes on."""

    words: str
    why: str


ENDINGS: tuple[Ending, ...] = (
    Ending("死亡", "deceased"),
    Ending("任监护人|监护人?资格被撤销|撤销监护权", "guardian_changed"),
    Ending("安置保护", "long_term_care"),
    Ending("获刑|判处", "safe"),
    Ending("", ""),
)
"""The first that fits the published outcome; an outcome that is not published leaves the case open."""


def rows_for(line: Happening) -> list[Row]:
    """What a line means, in the order of the table."""
    return [] if BACKGROUND.search(line.act) else [row for row in TABLE if row.fits(line)]


def ending_of(outcome: str) -> Ending:
    """How a case with this outcome ends."""
    return next(ending for ending in ENDINGS if re.search(ending.words, outcome))
