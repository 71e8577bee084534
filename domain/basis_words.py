"""A time limit in words: how long, from when, on what basis, what happens before and after it is missed.

Everything is a ``Phrase`` (Chinese source text and what goes into it), so that a page says it in the reader's language;
names of laws stay as the law writes them.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from domain.durations import parse_duration
from domain.permissions import ROLE_TITLES
from domain.phrase import Phrase
from domain.process import Process, Role
from domain.rule import HOLDER, OPENED, Kind, Rule, Unit
from domain.words import N_

MARK_TITLES: Mapping[str, str] = {
    "V": N_("已读原文"),
    "V*": N_("已读非正式文本"),
    "S": N_("读自二手或不完整文本"),
    "L": N_("外地规定，作为参照"),
    "M": N_("凭记忆，待核对"),
    "N": N_("规定没有数字"),
    "D": N_("本系统内部目标"),
}
"""What the mark of a basis means."""

_HOLDER = N_("责任人")

STATUTORY = N_("法定")
TARGET = N_("内部目标")

_COUNTED: Mapping[str, tuple[str, str]] = {
    "seconds": (N_("1 秒"), N_("%(n)d 秒")),
    "minutes": (N_("1 分钟"), N_("%(n)d 分钟")),
    "hours": (N_("1 小时"), N_("%(n)d 小时")),
    Unit.NATURAL_DAYS: (N_("1 日"), N_("%(n)d 日")),
    Unit.WORKING_DAYS: (N_("1 个工作日"), N_("%(n)d 个工作日")),
    Unit.MONTHS: (N_("1 个月"), N_("%(n)d 个月")),
    "years": (N_("1 年"), N_("%(n)d 年")),
}


def length_words(rule: Rule) -> Phrase:
    """How long: "2 小时", "3 个工作日", "1 个月"; "立即（法律未规定具体时限）" where the law gives no number."""
    if not rule.armed:
        return Phrase(N_("%(word)s（法律未规定具体时限）"), {"word": Phrase(rule.word)})
    if rule.chosen_day:
        return Phrase(N_("至选定的日期"))
    return _period(rule.unit, rule.length)


def limit_words(rule: Rule) -> Phrase:
    """The length with what it means: "3 个工作日内" for a latest instant, "满 6 个月" for an earliest one."""
    length = length_words(rule)
    if not rule.armed or rule.chosen_day:
        return length
    return Phrase(N_("满 %(length)s") if rule.kind is Kind.WAIT else N_("%(length)s内"), {"length": length})


def standing_words(rule: Rule) -> Phrase:
    """法定 or 内部目标: the two are never mixed up."""
    return Phrase(STATUTORY if rule.statutory else TARGET)


def basis_words(rule: Rule) -> str:
    """Instruments and articles, as shown beside a time limit; the names of laws are not translated."""
    return "；".join(f"{basis.instrument} {basis.article}" for basis in rule.basis)


def start_words(rule: Rule, process: Process) -> Phrase:
    """From which event the time runs, in the words of the process."""
    if rule.start == OPENED:
        return Phrase(N_("本事项开始时"))
    if rule.start == "case.ended":
        return Phrase(N_("个案办结时"))
    key, _, event = rule.start.partition(".")
    if not process.has(key):
        return Phrase(rule.start)
    task = process.task(key)
    titles = {form.key: form.title for outcome in task.outcomes for form in outcome.fields}
    named = Phrase(task.title)
    if event in titles:
        return Phrase(N_("“%(task)s”填写的%(field)s"), {"task": named, "field": Phrase(titles[event])})
    return Phrase(_EVENTS.get(event, _OTHER_EVENT), {"task": named})


_EVENTS: Mapping[str, str] = {
    "done": N_("“%(task)s”完成后"),
    "discovered": N_("“%(task)s”中发现情况的时间"),
    "due": N_("“%(task)s”定下的日期"),
    "start": N_("上一次“%(task)s”后，首次自安排时起"),
}
_OTHER_EVENT = N_("“%(task)s”写明的时间")


def effective_words(rule: Rule) -> Phrase:
    """The days on which this version is in force."""
    if rule.effective_to is None:
        return Phrase(N_("%(first)s 起"), {"first": str(rule.effective_from)})
    return Phrase(N_("%(first)s 至 %(last)s"), {"first": str(rule.effective_from), "last": str(rule.effective_to)})


def condition_words(rule: Rule, process: Process) -> tuple[Phrase, ...]:
    """One phrase for each fact the rule asks for, none for a rule that always applies."""
    return tuple(_condition(process, fact, values) for fact, values in rule.when.items())


def reminder_words(rule: Rule) -> tuple[Phrase, ...]:
    """When the holder is reminded before the end."""
    return tuple(map(_reminder, rule.reminders))


def ladder_words(rule: Rule) -> tuple[Phrase, ...]:
    """Who is told after the end, step by step; one phrase for each delay."""
    steps = groupby(rule.ladder, key=lambda step: step.after)
    return tuple(_ladder_step(after, [_address(step.to) for step in its]) for after, its in steps)


def extension_words(rule: Rule) -> Phrase | None:
    """How often and by how much the time may be extended; None when it may not."""
    if not rule.extensions:
        return None
    length = _period(rule.unit, rule.extension)
    return Phrase(N_("可延长 %(times)d 次，每次 %(length)s"), {"times": rule.extensions, "length": length})


def counting_words(rule: Rule) -> tuple[Phrase, ...]:
    """What is special about the counting."""
    notes = (
        (rule.from_next_hour, N_("起始的小时不计，自下一整点起算")),
        (rule.rolls and rule.unit is not Unit.WORKING_DAYS, N_("最后一日是休息日的，顺延至下一工作日")),
        (rule.armed and rule.unit is Unit.ELAPSED, N_("昼夜连续计算，休息日不扣除")),
    )
    return tuple(Phrase(words) for holds, words in notes if holds)


def _counted(unit: str, n: int) -> Phrase:
    one, many = _COUNTED[unit]
    return Phrase(one) if n == 1 else Phrase(many, {"n": n})


def _period(unit: Unit, length: str) -> Phrase:
    if unit is Unit.ELAPSED:
        return _elapsed(parse_duration(length))
    count = int(length)
    if unit is Unit.MONTHS and count % 12 == 0:
        return _counted("years", count // 12)
    return _counted(unit, count)


def _elapsed(length: timedelta) -> Phrase:
    """Hours stay hours, as the law counts them: 72 小时, never 3 日."""
    seconds = round(length.total_seconds())
    amounts = (("hours", seconds // 3600), ("minutes", seconds // 60 % 60), ("seconds", seconds % 60))
    parts = [_counted(unit, n) for unit, n in amounts if n] or [_counted("seconds", 0)]
    words = parts[0]
    for part in parts[1:]:
        words = Phrase(N_("%(first)s又 %(second)s"), {"first": words, "second": part})
    return words


def _reminder(reminder: str) -> Phrase:
    if reminder.endswith("%"):
        return Phrase(N_("时限用去 %(percent)s 时"), {"percent": reminder})
    before = reminder.removeprefix("-")
    if before.startswith("P"):
        return Phrase(N_("到期前 %(length)s"), {"length": _elapsed(parse_duration(before))})
    return Phrase(N_("到期前 %(length)s"), {"length": _counted(Unit.NATURAL_DAYS, int(before.removesuffix("d")))})


def _ladder_step(after: str, told: Sequence[Phrase]) -> Phrase:
    length, to = parse_duration(after), _listed(told)
    if not length:
        return Phrase(N_("逾期时告知%(to)s"), {"to": to})
    return Phrase(N_("逾期 %(length)s后告知%(to)s"), {"length": _elapsed(length), "to": to})


def _address(to: str) -> Phrase:
    return Phrase(_HOLDER if to == HOLDER else ROLE_TITLES[Role(to)])


def _listed(phrases: Sequence[Phrase]) -> Phrase:
    listed = phrases[0]
    for phrase in phrases[1:]:
        listed = Phrase(N_("%(first)s、%(second)s"), {"first": listed, "second": phrase})
    return listed


def _condition(process: Process, fact: str, values: tuple[str, ...]) -> Phrase:
    if fact == "n":
        return Phrase(N_("第 %(which)s 次"), {"which": "、".join(values)})
    fields = (form for task in process.tasks for outcome in task.outcomes for form in outcome.fields)
    form = next((form for form in fields if form.fact == fact), None)
    titles = {"yes": N_("是"), "no": N_("否"), "": N_("未确定")}
    titles |= {option.key: option.title for option in form.options} if form else {}
    name = Phrase(form.title if form else fact)
    listed = _listed([Phrase(titles.get(value, value)) for value in values])
    return Phrase(N_("%(fact)s：%(values)s"), {"fact": name, "values": listed})
