"""The history of a case in words: what happened, when, by whom: a person in an office, the system, or a clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.answer_words import Line, answer_lines, place_name
from api.clock_view import rule_of, stop_title
from api.i18n import Language
from api.titles import outcome_title, role_title, spoken, task_title
from domain.process import Process
from domain.protection_forms import COLOURS
from domain.rules import RuleBook
from domain.words import N_
from store.queries.case_page import EventView
from store.queries.who import Who

PERSON, SYSTEM, CLOCK, BREACH = "person", "system", "clock", "breach"

EVENTS: Mapping[str, tuple[str, str]] = {
    "case.opened": (N_("收到报告，建立个案"), SYSTEM),
    "case.moved": (N_("移送至%(place)s（第 %(hop)s 次）"), PERSON),
    "case.fact": ("%(fact)s", SYSTEM),
    "case.joined": (N_("另一个案并入本案"), SYSTEM),
    "case.reopened": (N_("收到同一儿童的新报告，重新办理"), SYSTEM),
    "case.parted": (N_("撤销并案，另一个案分出"), SYSTEM),
    "case.unmerged": (N_("撤销并案，恢复单独办理"), PERSON),
    "case.merged": (N_("并入另一个案"), PERSON),
    "case.closed": (N_("结案"), PERSON),
    "case.screened_out": (N_("不予受理"), PERSON),
    "case.retimed": (N_("工作日历更新，重新计算时限"), SYSTEM),
    "report.raised": (N_("形成新的报告：%(task)s"), SYSTEM),
    "item.opened": (N_("启动：%(task)s"), SYSTEM),
    "item.reopened": (N_("退回重办：%(task)s"), PERSON),
    "item.withdrawn": (N_("不再需要：%(task)s"), SYSTEM),
    "item.done": (N_("%(task)s：%(outcome)s"), PERSON),
    "item.claimed": (N_("认领：%(task)s"), PERSON),
    "item.released": (N_("退领：%(task)s"), PERSON),
    "item.held": (N_("挂起：%(task)s"), PERSON),
    "item.resumed": (N_("解除挂起：%(task)s"), PERSON),
    "clock.extension_asked": (N_("申请延期：%(clock)s"), PERSON),
    "clock.extended": (N_("同意延期：%(clock)s"), CLOCK),
    "clock.stopped": (N_("中止计时：%(clock)s（%(reason)s）"), CLOCK),
    "clock.restarted": (N_("恢复计时：%(clock)s"), CLOCK),
    "clock.breached": (N_("逾期：%(clock)s"), BREACH),
    "clock.breach_withdrawn": (N_("撤销逾期记录：%(clock)s"), CLOCK),
    "clock.waited_out": (N_("期满：%(clock)s"), CLOCK),
    "clock.reminded": (N_("提醒：%(clock)s"), CLOCK),
    "clock.escalated": (N_("逾期上报%(to)s：%(clock)s"), BREACH),
}
"""Kind of event -> its words and its mark. A person's deed is marked so wherever a person did it."""

WRITTEN = frozenset({"item.done", "item.held", "clock.extension_asked", "clock.stopped", "case.unmerged"})
"""The events under which the words of their act are found."""

UNKNOWN = N_("记录：%(kind)s")
BY_SYSTEM, BY_CLOCK = N_("系统"), N_("时限到点")
NOBODY_KNOWN = N_("已离任人员")
TO_HOLDER = N_("承办人")
COLOUR_FACT = N_("风险等级：%(colour)s")
OTHER_FACT = N_("登记个案情况")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, in the reader's language. ``act``: the submission whose words belong to it, or ""."""

    title: str
    at: datetime
    by: str
    kind: str
    lines: tuple[Line, ...]
    act: str
    item: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one case's history. ``clocks``: the rule that each clock of the case is bound to."""

    process: Process
    book: RuleBook
    clocks: Mapping[str, str]
    who: Who
    language: Language

    def tell(self, event: EventView) -> Entry:
        """One event in words."""
        words, kind = EVENTS.get(event.kind, (UNKNOWN, SYSTEM))
        if kind in {SYSTEM, PERSON}:
            kind = PERSON if event.person_id else SYSTEM
        lines: list[Line] = []
        if event.kind == "item.done":
            lines = answer_lines(self.process, event.task, event.outcome, event.codes, self.language)
        title = self.language.gettext(words) % self._parts(event)
        by = author(event, self.who, self.language)
        act = _submission(event.act) if event.kind in WRITTEN else ""
        return Entry(title, event.at, by, kind, tuple(lines), act, event.item)

    def _parts(self, event: EventView) -> dict[str, object]:
        say = self.language.gettext
        ref = self.clocks.get(event.clock, event.clock)
        rule = rule_of(self.book, ref)
        to = str(event.codes.get("to", ""))
        return {
            "kind": event.kind,
            "task": spoken(self.language, task_title(self.process, event.task)),
            "outcome": spoken(self.language, outcome_title(self.process, event.task, event.outcome)),
            "clock": rule.title if rule else ref.partition("@")[0],
            "reason": stop_title(self.book, event.outcome, self.language),
            "place": place_name(to),
            "hop": event.codes.get("hop", ""),
            "to": say(role_title(to, TO_HOLDER)),
            "fact": _fact(event, self.language),
        }


def author(event: EventView, who: Who, language: Language) -> str:
    """Who did it: name, post and office; else the system or the clock."""
    say = language.gettext
    if event.person_id is None:
        return say(BY_CLOCK if event.kind.startswith("clock.") else BY_SYSTEM)
    parts = [who.names.get(event.person_id) or say(NOBODY_KNOWN), spoken(language, role_title(event.role))]
    return " · ".join(part for part in (*parts, who.units.get(event.unit_id, "") if event.unit_id else "") if part)


def _fact(event: EventView, language: Language) -> str:
    say = language.gettext
    colour = event.codes.get("colour")
    title = next((option.title for option in COLOURS if option.key == colour), "")
    return say(COLOUR_FACT) % {"colour": say(title)} if title else say(OTHER_FACT)


def _submission(act: str) -> str:
    """The id of the submission behind an event; messages between cases have ids of another form."""
    try:
        return str(UUID(act))
    except ValueError:
        return ""
