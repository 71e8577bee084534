"""First risk colour of a report: a decision table with hit policy UNIQUE over a finite domain.

Colours are the office's own grading, never statute (default D of section 14 of the legal reference). Exactly one row
answers every combination of inputs; a test enumerates them all. Unknown answers are inputs like any other and never
make a child look safer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from domain.process import Option
from domain.words import N_

TABLE_VERSION = "2026-11"


class Situation(StrEnum):
    """What the reporter ticks: the nine situations 九类情形, the left-behind set, or 说不清."""

    PRIVATE_INJURY = "PRIVATE_INJURY"
    GIRL_U14_SEX = "GIRL_U14_SEX"
    GIRL_14P_SEX = "GIRL_14P_SEX"
    MULTI_INJURY = "MULTI_INJURY"
    ABNORMAL_DEATH_DISABILITY = "ABNORMAL_DEATH_DISABILITY"
    ABANDONED_UNATTENDED = "ABANDONED_UNATTENDED"
    UNKNOWN_MISSING_TRAFFICKED = "UNKNOWN_MISSING_TRAFFICKED"
    ORG_BEGGING = "ORG_BEGGING"
    OTHER_SERIOUS = "OTHER_SERIOUS"
    LIVING_ALONE = "LIVING_ALONE"
    GUARDIAN_UNABLE = "GUARDIAN_UNABLE"
    LB_MISSING = "LB_MISSING"
    LB_VIOLENCE = "LB_VIOLENCE"
    LB_HARM = "LB_HARM"
    UNSURE = "UNSURE"


class SituationSet(StrEnum):
    """The list a situation stands in."""

    NINE = "nine"
    LEFT_BEHIND = "left_behind"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class SituationInfo:
    """A situation as a form shows it: its words, the list it stands in and where that list comes from."""

    code: Situation
    title: str
    set: SituationSet
    legal: str


_NINE_LAW = N_("《关于建立侵害未成年人案件强制报告制度的意见（试行）》（2020）第二条、第四条")
_LEFT_BEHIND_LAW = N_("《国务院关于加强农村留守儿童关爱保护工作的意见》（国发〔2016〕13号）")
_UNSURE_LAW = N_("《未成年人保护法》第十一条")


def _nine(code: Situation, title: str) -> SituationInfo:
    return SituationInfo(code, title, SituationSet.NINE, _NINE_LAW)


def _left_behind(code: Situation, title: str) -> SituationInfo:
    return SituationInfo(code, title, SituationSet.LEFT_BEHIND, _LEFT_BEHIND_LAW)


SITUATIONS: tuple[SituationInfo, ...] = (
    _nine(Situation.PRIVATE_INJURY, N_("隐私部位受伤或有异常")),
    _nine(Situation.GIRL_U14_SEX, N_("不满十四周岁女孩遭受或疑似遭受性侵害、怀孕、流产")),
    _nine(Situation.GIRL_14P_SEX, N_("十四周岁以上女孩因遭受或疑似遭受性侵害而怀孕、流产")),
    _nine(Situation.MULTI_INJURY, N_("身上多处受伤、严重营养不良或意识不清，可能遭受殴打、欺凌、虐待或被下药")),
    _nine(Situation.ABNORMAL_DEATH_DISABILITY, N_("因自杀、自残、工伤、中毒、被下药、殴打等非正常原因伤残或死亡")),
    _nine(Situation.ABANDONED_UNATTENDED, N_("被遗弃或长期无人照料")),
    _nine(Situation.UNKNOWN_MISSING_TRAFFICKED, N_("来历不明、失踪，或被拐卖、收买")),
    _nine(Situation.ORG_BEGGING, N_("被组织乞讨")),
    _nine(Situation.OTHER_SERIOUS, N_("身心受到其他严重伤害，或正面临危险")),
    _left_behind(Situation.LIVING_ALONE, N_("留守儿童脱离监护独自居住")),
    _left_behind(Situation.GUARDIAN_UNABLE, N_("监护人失去监护能力或不履行监护责任")),
    _left_behind(Situation.LB_MISSING, N_("留守儿童失踪")),
    _left_behind(Situation.LB_VIOLENCE, N_("留守儿童疑似遭受家庭暴力")),
    _left_behind(Situation.LB_HARM, N_("留守儿童疑似遭受意外伤害或不法侵害")),
    SituationInfo(Situation.UNSURE, N_("说不清，但觉得孩子不对劲"), SituationSet.UNSURE, _UNSURE_LAW),
)
NINE = frozenset(info.code for info in SITUATIONS if info.set is SituationSet.NINE)


class AgeBand(StrEnum):
    """Full years of age, cut where the law cuts: 8 (unattended), 14 (sexual offences), 16 (living alone), 18."""

    UNDER_8 = "under_8"
    FROM_8 = "8_13"
    FROM_14 = "14_15"
    FROM_16 = "16_17"
    UNKNOWN = "unknown"


class Danger(StrEnum):
    """Whether the child is in immediate danger now."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Care(StrEnum):
    """Whether a grown-up looks after the child at present."""

    CARED = "cared"
    UNATTENDED = "unattended"
    LIVES_ALONE = "lives_alone"
    UNKNOWN = "unknown"


class Colour(StrEnum):
    """Risk colour 红/黄/蓝/绿, most urgent first."""

    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"

    @property
    def severity(self) -> int:
        """3 for red down to 0 for green."""
        return 3 - list(Colour).index(self)


AGE_BANDS: tuple[Option, ...] = (
    Option(AgeBand.UNDER_8, N_("不满八周岁")),
    Option(AgeBand.FROM_8, N_("八至十三周岁")),
    Option(AgeBand.FROM_14, N_("十四至十五周岁")),
    Option(AgeBand.FROM_16, N_("十六至十七周岁")),
    Option(AgeBand.UNKNOWN, N_("不清楚")),
)
DANGERS: tuple[Option, ...] = (
    Option(Danger.YES, N_("是，孩子正处在危险中")),
    Option(Danger.NO, N_("否")),
    Option(Danger.UNKNOWN, N_("不清楚")),
)
CARES: tuple[Option, ...] = (
    Option(Care.CARED, N_("有成年人照料")),
    Option(Care.UNATTENDED, N_("无人照料")),
    Option(Care.LIVES_ALONE, N_("独自居住")),
    Option(Care.UNKNOWN, N_("不清楚")),
)


@dataclass(frozen=True, slots=True)
class TriageInput:
    """What is known when the report arrives."""

    situation: Situation
    age: AgeBand = AgeBand.UNKNOWN
    danger: Danger = Danger.UNKNOWN
    care: Care = Care.UNKNOWN


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. It matches when every input is in its set. ``police``: the police must be told of the report."""

    id: str
    title: str
    colour: Colour
    situations: frozenset[Situation]
    ages: frozenset[AgeBand] = frozenset(AgeBand)
    dangers: frozenset[Danger] = frozenset(Danger)
    cares: frozenset[Care] = frozenset(Care)
    police: bool = False

    @property
    def basis(self) -> str:
        """Where the colour comes from: always the office's own target."""
        return _RED_BASIS if self.colour is Colour.RED else _OWN_BASIS

    def matches(self, case: TriageInput) -> bool:
        """Whether this row answers for ``case``."""
        return (
            case.situation in self.situations
            and case.age in self.ages
            and case.danger in self.dangers
            and case.care in self.cares
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with what an audit needs to repeat it: the row and the version of the table."""

    colour: Colour
    row: str
    title: str
    basis: str
    police: bool
    version: str = TABLE_VERSION


class TableFault(RuntimeError):
    """The table has a gap or an overlap: a fault of the table, not of the report."""


_OWN_BASIS = N_("本系统内部分级标准，非法定")
_RED_BASIS = N_("本系统红色触发条件，非法定")
_CALM = frozenset({Danger.NO, Danger.UNKNOWN})
_NO = frozenset({Danger.NO})
_DANGER_UNKNOWN = frozenset({Danger.UNKNOWN})
_UNDER_8 = frozenset({AgeBand.UNDER_8})
_UNDER_8_OR_UNKNOWN = frozenset({AgeBand.UNDER_8, AgeBand.UNKNOWN})
_UNDER_16 = frozenset({AgeBand.UNDER_8, AgeBand.FROM_8, AgeBand.FROM_14})
_FROM_8 = frozenset({AgeBand.FROM_8, AgeBand.FROM_14, AgeBand.FROM_16})
_FROM_16 = frozenset({AgeBand.FROM_16})
_FROM_16_OR_UNKNOWN = frozenset({AgeBand.FROM_16, AgeBand.UNKNOWN})
_AGE_UNKNOWN = frozenset({AgeBand.UNKNOWN})
_CARED = frozenset({Care.CARED})
_UNATTENDED = frozenset({Care.UNATTENDED})
_LIVES_ALONE = frozenset({Care.LIVES_ALONE})
_CARE_UNKNOWN = frozenset({Care.UNKNOWN})
_NOT_UNATTENDED = _CARED | _LIVES_ALONE | _CARE_UNKNOWN
_ALONE = frozenset({Situation.LIVING_ALONE})
_UNABLE = frozenset({Situation.GUARDIAN_UNABLE})
_UNSURE = frozenset({Situation.UNSURE})
_MISSING = frozenset({Situation.LB_MISSING})
_HARMED = frozenset({Situation.LB_VIOLENCE, Situation.LB_HARM})
_UNABLE_OR_UNSURE = _UNABLE | _UNSURE
_OPEN = _ALONE | _UNABLE | _UNSURE  # what is not red by its situation alone

_R, _Y, _B, _G = Colour
TABLE: tuple[Row, ...] = (
    Row("R1", N_("属于强制报告九类情形"), _R, NINE, police=True),
    Row("R2", N_("疑似家庭暴力或伤害"), _R, _HARMED, police=True),
    Row("R3", N_("儿童失踪"), _R, _MISSING, police=True),
    Row("R4", N_("孩子正处在危险中"), _R, _OPEN, dangers=frozenset({Danger.YES}), police=True),
    Row("R5", N_("不满八周岁无人照料"), _R, _UNABLE_OR_UNSURE, _UNDER_8, _CALM, _UNATTENDED),
    Row("R6", N_("脱离监护独居，不满十六周岁或年龄不清"), _R, _ALONE, _UNDER_16 | _AGE_UNKNOWN, _CALM),
    Row("R7", N_("不满十六周岁独自居住"), _R, _UNABLE_OR_UNSURE, _UNDER_16, _CALM, _LIVES_ALONE),
    Row("Y2", N_("已满十六周岁独居且无人照料"), _Y, _ALONE, _FROM_16, _CALM, _UNATTENDED),
    Row("Y3", N_("已满十六周岁独居，是否危险不清"), _Y, _ALONE, _FROM_16, _DANGER_UNKNOWN, _NOT_UNATTENDED),
    Row("Y4", N_("监护人失能或不履责"), _Y, _UNABLE, dangers=_CALM, cares=_CARED | _CARE_UNKNOWN),
    Row("Y5", N_("监护人失能，已满十六周岁或年龄不清且独居"), _Y, _UNABLE, _FROM_16_OR_UNKNOWN, _CALM, _LIVES_ALONE),
    Row("Y6", N_("无人照料，已满八周岁或年龄不清"), _Y, _UNABLE_OR_UNSURE, _FROM_8 | _AGE_UNKNOWN, _CALM, _UNATTENDED),
    Row("Y7", N_("情况不明，独居且年龄不清"), _Y, _UNSURE, _AGE_UNKNOWN, _CALM, _LIVES_ALONE),
    Row("Y8", N_("情况不明，已满十六周岁独居，是否危险不清"), _Y, _UNSURE, _FROM_16, _DANGER_UNKNOWN, _LIVES_ALONE),
    Row("Y9", N_("情况、危险和照料都不清"), _Y, _UNSURE, dangers=_DANGER_UNKNOWN, cares=_CARE_UNKNOWN),
    Row("Y10", N_("照料不清，不满八周岁或年龄不清"), _Y, _UNSURE, _UNDER_8_OR_UNKNOWN, _NO, _CARE_UNKNOWN),
    Row("Y11", N_("危险不清，不满八周岁或年龄不清"), _Y, _UNSURE, _UNDER_8_OR_UNKNOWN, _DANGER_UNKNOWN, _CARED),
    Row("B1", N_("已满十六周岁独居，无现时危险"), _B, _ALONE, _FROM_16, _NO, _NOT_UNATTENDED),
    Row("B2", N_("情况不明，已满十六周岁独自居住，无现时危险"), _B, _UNSURE, _FROM_16, _NO, _LIVES_ALONE),
    Row("B3", N_("已满八周岁，无现时危险，照料不清"), _B, _UNSURE, _FROM_8, _NO, _CARE_UNKNOWN),
    Row("B4", N_("已满八周岁，有人照料，是否危险不清"), _B, _UNSURE, _FROM_8, _DANGER_UNKNOWN, _CARED),
    Row("B5", N_("有人照料、无现时危险，但不满八周岁或年龄不清"), _B, _UNSURE, _UNDER_8_OR_UNKNOWN, _NO, _CARED),
    Row("G1", N_("已满八周岁，有人照料，无现时危险"), _G, _UNSURE, _FROM_8, _NO, _CARED),
)


def every_input() -> Iterator[TriageInput]:
    """The whole finite domain of the table."""
    return (TriageInput(*answers) for answers in product(Situation, AgeBand, Danger, Care))


def triage(case: TriageInput) -> Decision:
    """The one row that answers for ``case``; raises TableFault when there is none or more than one."""
    rows = [row for row in TABLE if row.matches(case)]
    if len(rows) != 1:
        raise TableFault(f"{len(rows)} rows answer for {case}: {[row.id for row in rows]}")
    row = rows[0]
    return Decision(row.colour, row.id, row.title, row.basis, row.police)
