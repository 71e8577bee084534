"""The Chinese words for what the domain names by keys: statuses, strengths of links, tasks and outcomes."""

from collections.abc import Mapping

from api.i18n import Language
from domain.acts import ActKind
from domain.matching import Strength
from domain.permissions import ROLE_TITLES
from domain.process import Process, Role
from domain.state import CaseStatus, ClockStatus, ItemStatus
from domain.words import N_

STATUSES: Mapping[str, str] = {
    CaseStatus.OPEN: N_("在办"),
    CaseStatus.CLOSED: N_("已结案"),
    CaseStatus.MERGED: N_("已并案"),
    CaseStatus.SCREENED_OUT: N_("不予受理"),
}

STATUS_KINDS: Mapping[str, str] = {
    CaseStatus.OPEN: "warm",
    CaseStatus.CLOSED: "green",
    CaseStatus.MERGED: "grey",
    CaseStatus.SCREENED_OUT: "grey",
}

ITEM_STATUSES: Mapping[str, str] = {
    ItemStatus.OPEN: N_("正在办理"),
    ItemStatus.DONE: N_("已办结"),
    ItemStatus.WITHDRAWN: N_("不再需要"),
}

CLOCK_STATUSES: Mapping[str, str] = {
    ClockStatus.RUNNING: N_("计时中"),
    ClockStatus.STOPPED: N_("已中止计时"),
    ClockStatus.MET: N_("已完成"),
    ClockStatus.OVER: N_("已期满"),
    ClockStatus.WITHDRAWN: N_("已撤回"),
}

STRENGTHS: Mapping[str, str] = {
    Strength.STRONG: N_("很可能是同一儿童"),
    Strength.POSSIBLE: N_("可能是同一儿童"),
}

ACTS: Mapping[ActKind, str] = {
    ActKind.DO: N_("%(task)s：%(outcome)s"),
    ActKind.HOLD: N_("挂起：%(task)s"),
    ActKind.RESUME: N_("解除挂起：%(task)s"),
    ActKind.START: N_("手工启动：%(task)s"),
    ActKind.EXTEND: N_("申请延期：%(task)s"),
    ActKind.STOP: N_("中止计时：%(task)s"),
    ActKind.RESTART: N_("恢复计时：%(task)s"),
    ActKind.JOIN: N_("并案"),
    ActKind.PART: N_("撤销并案"),
    ActKind.RETIME: N_("重新计算时限"),
}

SUBMISSION_STATES: Mapping[str, str] = {
    "pending": N_("已保存，待生效"),
    "applied": N_("已生效"),
    "refused": N_("未生效"),
}

LIMIT, WAIT = N_("最迟"), N_("最早")


def spoken(language: Language, text: str) -> str:
    """``text`` in the reader's language; nothing stays nothing (gettext would give the head of its catalogue)."""
    return language.gettext(text) if text else ""


def role_title(role: str, otherwise: str = "") -> str:
    """The Chinese title of a role; ``otherwise`` for a text that is none."""
    return ROLE_TITLES[Role(role)] if role in set(Role) else otherwise


def task_title(process: Process, key: str) -> str:
    """The Chinese title of a task; the key itself for a task a later version no longer has."""
    return process.task(key).title if process.has(key) else key


def stage_title(process: Process, key: str) -> str:
    """The Chinese title of a stage, "" before the first."""
    return next((stage.title for stage in process.stages if stage.key == key), key)


def outcome_title(process: Process, task: str, outcome: str) -> str:
    """The Chinese title of an outcome; the key itself when it is not declared any more."""
    if not process.has(task):
        return outcome
    return next((known.title for known in process.task(task).outcomes if known.key == outcome), outcome)
