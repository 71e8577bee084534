"""The words of a case, opened: what was reported, and what officers wrote with every act."""

from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from api.answer_words import Line, answer_lines, place_name, said, word_lines
from api.case_work import require
from api.desk import Desk
from api.offers import process_of
from api.problems import Problem
from api.titles import ACTS, SUBMISSION_STATES, outcome_title, role_title, spoken, task_title
from domain.acts import ActKind
from domain.permissions import Verb, may
from domain.process import Field, Process
from domain.protection_forms import FEEDBACK
from domain.report_form import QUESTIONS, REPORTER_FIELDS, SECTIONS
from domain.words import N_
from store.queries.case_head import case_head
from store.queries.case_page import ReportView, SubmissionView, reporter, reports, submissions
from store.queries.cases import CaseView
from store.queries.who import Who, who_is
from store.trail import Entry

REPORTER = N_("报告人 %(letter)s")
PUBLIC = N_("社会公众")
FOUND_AT = N_("发现时间")
FEEDBACK_TITLE = N_("已告知报告人")


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """One report in the reader's language. ``name``: never the reporter's own, but 报告人 A, B …"""

    report: ReportView
    name: str
    sender: str
    place: str
    parts: list[tuple[str, list[Line]]]
    feedback: str


@dataclass(frozen=True, slots=True)
class WrittenAct:
    """One submission: what was asked, by whom, the coded answers and the words, and whether it has taken effect."""

    id: UUID
    title: str
    by: str
    at: datetime
    state: str
    applied: bool
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything that was written about a case. ``may_name``: the post may ask who reported."""

    view: CaseView
    reports: list[ReportSheet]
    acts: list[WrittenAct]
    may_name: bool


async def reported(desk: Desk, view: CaseView) -> list[ReportSheet]:
    """What was reported in a case, for the form on which the next step is decided; written down as read."""
    require(desk, Verb.READ_REPORT, view)
    async with desk.backend.db.read() as tx:
        filed = await reports(tx, desk.backend.cipher, view.id)
        who = await who_is(tx, desk.backend.cipher, (), {report.unit_id for report in filed})
    await desk.note(Entry("report.read", "case", str(view.id)))
    return [_sheet(desk, n, report, who) for n, report in enumerate(filed)]


async def read_record(desk: Desk, case_id: UUID) -> CaseRecord:
    """Open the words of a case: four statements, and the audit rows that are written before this returns."""
    cipher = desk.backend.cipher
    async with desk.backend.db.read() as tx:
        found = await case_head(tx, desk.actor, case_id)
        if found is None:
            raise Problem(404)
        view = found[0]
        require(desk, Verb.READ_REPORT, view)
        filed = await reports(tx, cipher, case_id)
        acts = await submissions(tx, cipher, case_id)
        people = {act.person_id for act in acts}
        units = {act.unit_id for act in acts} | {report.unit_id for report in filed}
        who = await who_is(tx, cipher, people, units)
    await desk.note(Entry("report.read", "case", str(case_id)))
    process = process_of(view.process)
    return CaseRecord(
        view,
        [_sheet(desk, n, report, who) for n, report in enumerate(filed)],
        [_written(desk, process, act, who) for act in reversed(acts)],
        bool(_may_name(desk, view)),
    )


def _may_name(desk: Desk, view: CaseView) -> bool:
    verb, post = Verb.READ_REPORTER, desk.actor.territory
    return bool(may(verb, desk.session.role, post, view.territory, involved=view.involved, status=view.status))


def _sheet(desk: Desk, number: int, report: ReportView, who: Who) -> ReportSheet:
    say = desk.language.gettext
    parts = [
        (say(section.title), lines) for section in SECTIONS if (lines := _answers(desk, section.fields, report.content))
    ]
    told = next((option.title for option in FEEDBACK if option.key == report.feedback_code), report.feedback_code or "")
    return ReportSheet(
        report,
        say(REPORTER) % {"letter": ascii_uppercase[number % 26]},
        who.units.get(report.unit_id, "") if report.unit_id else say(PUBLIC),
        place_name(report.territory),
        parts,
        spoken(desk.language, told),
    )


def _answers(desk: Desk, fields: tuple[Field, ...], content: dict[str, Any]) -> list[Line]:
    return [
        (desk.language.gettext(question.title), said(question, content[question.key], desk.language))
        for question in fields
        if question.key not in REPORTER_FIELDS and content.get(question.key) not in (None, "")
    ]


def _written(desk: Desk, process: Process, act: SubmissionView, who: Who) -> WrittenAct:
    language = desk.language
    task = act.task or act.item.partition(".")[0] or act.clock.partition(".")[0]
    title = language.gettext(ACTS[ActKind(act.kind)]) % {
        "task": spoken(language, task_title(process, task)),
        "outcome": spoken(language, outcome_title(process, task, act.outcome)),
    }
    by = [
        who.names.get(act.person_id, "") if act.person_id else "",
        spoken(language, role_title(act.role)),
        who.units.get(act.unit_id, "") if act.unit_id else "",
    ]
    lines = answer_lines(process, task, act.outcome, act.codes, language)
    return WrittenAct(
        act.id,
        title,
        " · ".join(part for part in by if part),
        act.received_at,
        language.gettext(SUBMISSION_STATES[act.state]),
        act.state == "applied",
        [*lines, *word_lines(process, task, act.outcome, act.content, language)],
    )


async def read_reporter(desk: Desk, case_id: UUID, report_id: UUID) -> tuple[CaseView, list[Line]]:
    """Who made one report of a case: for the county only, and written down before it is shown."""
    async with desk.backend.db.read() as tx:
        found = await case_head(tx, desk.actor, case_id)
        if found is None:
            raise Problem(404)
        view = found[0]
        require(desk, Verb.READ_REPORTER, view)
        filed = await reports(tx, desk.backend.cipher, case_id)
        if report_id not in {report.id for report in filed}:
            raise Problem(404)
        identity = await reporter(tx, desk.backend.cipher, report_id) or {}
    await desk.note(Entry("reporter.read", "report", str(report_id)))
    say = desk.language.gettext
    return view, [
        (say(QUESTIONS[key].title), said(QUESTIONS[key], value, desk.language))
        for key, value in identity.items()
        if key in QUESTIONS and value not in (None, "")
    ]
