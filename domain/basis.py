"""The legal-basis page: every time limit of every task and where it stands; also ``docs/legal-basis.md``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.basis_words import (
    MARK_TITLES,
    basis_words,
    condition_words,
    counting_words,
    effective_words,
    extension_words,
    ladder_words,
    length_words,
    limit_words,
    reminder_words,
    standing_words,
    start_words,
)
from domain.phrase import Phrase, Translate
from domain.process import Process, Stage, Task
from domain.rule import Basis, Rule
from domain.rules import RuleBook
from domain.words import N_

__all__ = ["BasisRow", "Stop", "basis_rows", "basis_words", "length_words", "limit_words", "render_markdown"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A ground on which the clock stops, and the article that says so."""

    title: Phrase
    basis: Basis


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One version of one time limit, or a task that has none (``rule`` is None and the rest is empty).

    ``basis`` holds instrument, article and mark each; ``MARK_TITLES`` says what a mark means.
    """

    process: Process
    stage: Stage
    task: Task
    rule: Rule | None = None
    title: Phrase | None = None
    limit: Phrase | None = None
    start: Phrase | None = None
    standing: Phrase | None = None
    effective: Phrase | None = None
    basis: tuple[Basis, ...] = ()
    conditions: tuple[Phrase, ...] = ()
    counting: tuple[Phrase, ...] = ()
    reminders: tuple[Phrase, ...] = ()
    ladder: tuple[Phrase, ...] = ()
    stops: tuple[Stop, ...] = ()
    extension: Phrase | None = None


def basis_rows(book: RuleBook, processes: Iterable[Process]) -> list[BasisRow]:
    """All rows: by process, stage, task; statutory before target, then by key and first day."""
    return [
        row
        for process in processes
        for stage in process.stages
        for task in process.tasks
        if task.stage == stage.key
        for row in _task_rows(book, process, stage, task)
    ]


def _task_rows(book: RuleBook, process: Process, stage: Stage, task: Task) -> Iterator[BasisRow]:
    rules = [rule for rule in book.all() if (rule.process, rule.task) == (process.key, task.key)]
    if not rules:
        yield BasisRow(process, stage, task)
    for rule in sorted(rules, key=lambda rule: (not rule.statutory, rule.key, rule.effective_from)):
        yield BasisRow(
            process=process,
            stage=stage,
            task=task,
            rule=rule,
            title=Phrase(rule.title),
            limit=limit_words(rule),
            start=start_words(rule, process),
            standing=standing_words(rule),
            effective=effective_words(rule),
            basis=rule.basis,
            conditions=condition_words(rule, process),
            counting=counting_words(rule),
            reminders=reminder_words(rule),
            ladder=ladder_words(rule),
            stops=tuple(
                Stop(Phrase(book.stop_reasons[code].title), book.stop_reasons[code].basis) for code in rule.stops
            ),
            extension=extension_words(rule),
        )


_LEAD = (
    N_("本页由时限规则生成，请勿手工修改。"),
    N_("“法定”是法律、法规、规章或规范性文件写明的要求；“内部目标”是本系统自定的办理目标，不是法定时限。"),
    N_("法律只写“立即”“及时”“应当”而没有数字的，照原文写明，不计时；需要计时的另设内部目标。"),
)
_TITLE = N_("时限与法律依据")
_MARK_HEADINGS = (N_("标记"), N_("含义"))
_HEADINGS = (N_("要求"), N_("时限"), N_("起算"), N_("性质"), N_("依据"), N_("适用与计算"), N_("施行"))


def render_markdown(rows: Sequence[BasisRow], translate: Translate = str) -> str:
    """The page as Markdown; the same rows give the same text."""
    lines = [f"# {translate(_TITLE)}", ""]
    lines += [line for lead in _LEAD for line in (translate(lead), "")]
    lines += [*_marks(rows, translate), ""]
    for process, its in groupby(rows, key=lambda row: row.process):
        lines += [f"## {translate(process.title)}", "", translate(process.basis), ""]
        for stage, of_stage in groupby(its, key=lambda row: row.stage):
            lines += [f"### {translate(stage.title)}", "", *_stage(list(of_stage), translate)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _marks(rows: Sequence[BasisRow], translate: Translate) -> list[str]:
    """What the marks mean, those that occur."""
    used = {basis.mark for row in rows for basis in (*row.basis, *(stop.basis for stop in row.stops))}
    head = [f"| {' | '.join(map(translate, _MARK_HEADINGS))} |", "| --- | --- |"]
    return head + [f"| {mark} | {translate(words)} |" for mark, words in MARK_TITLES.items() if mark in used]


def _stage(rows: list[BasisRow], translate: Translate) -> list[str]:
    lines: list[str] = []
    timed = [row for row in rows if row.rule]
    for task, its in groupby(timed, key=lambda row: row.task):
        lines += [f"#### {translate(task.title)}", ""]
        lines += [f"| {' | '.join(map(translate, _HEADINGS))} |", f"|{' --- |' * len(_HEADINGS)}"]
        lines += [_table_row(row, translate) for row in its]
        lines.append("")
    bare = [translate(row.task.title) for row in rows if not row.rule]
    if bare:
        lines += [Phrase(N_("没有时限的事项：%(tasks)s。"), {"tasks": "、".join(bare)}).said(translate), ""]
    return lines


def _table_row(row: BasisRow, translate: Translate) -> str:
    def said(phrase: Phrase | None) -> str:
        return phrase.said(translate) if phrase else ""

    cells = (
        said(row.title),
        said(row.limit),
        said(row.start),
        f"**{said(row.standing)}**",
        "<br>".join(f"{_law(basis)} [{basis.mark}]" for basis in row.basis),
        "<br>".join(_remarks(row, translate)),
        said(row.effective),
    )
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _law(basis: Basis) -> str:
    return f"{basis.instrument} {basis.article}"


def _remarks(row: BasisRow, translate: Translate) -> Iterator[str]:
    """Conditions, counting, reminders, what follows a breach, stops and extension, each with its heading."""
    groups = (
        (N_("适用：%(what)s"), row.conditions),
        (N_("计算：%(what)s"), row.counting),
        (N_("提醒：%(what)s"), row.reminders),
        (N_("逾期：%(what)s"), row.ladder),
    )
    for heading, phrases in groups:
        if phrases:
            words = "；".join(phrase.said(translate) for phrase in phrases)
            yield Phrase(heading, {"what": words}).said(translate)
    for stop in row.stops:
        yield Phrase(N_("停止计时：%(why)s（%(law)s）"), {"why": stop.title, "law": _law(stop.basis)}).said(translate)
    if row.extension:
        yield row.extension.said(translate)
