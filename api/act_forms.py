"""The page that asks for an outcome or a verb, and what becomes of it when it is posted."""

import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from api.case_record import reported
from api.case_work import CaseWork, explain
from api.commands import Answer, AnswerState, Request
from api.desk import Desk
from api.flash import declare_flash
from api.form_choices import choices_for
from api.forms import FormState
from api.problems import FieldError, Problem
from api.refusals import Refusal, refusal_words
from api.task_answers import KEY, read_answers, show_errors
from api.task_forms import Given, Parsed, check, resolve_cases
from domain.acts import Refused
from domain.process import FieldKind, Outcome, Task
from domain.state import CaseStatus
from domain.words import N_
from store.queries.cases import get_case_by_number

APPLIED = declare_flash("act-applied", N_("已生效。"))
PENDING = declare_flash("act-pending", N_("已保存，待生效。流程引擎恢复后按收到的时间生效。"), "warm")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one form page is about: where it posts to, the declared form, what stands above it."""

    action: str
    task: Task
    outcome: Outcome
    heading: str
    caption: str
    back: str
    template: str = "act.html"
    button: str = N_("提交")


def fresh_form() -> FormState:
    """An empty form with a nonce: posted twice it is one act."""
    return FormState(values={KEY: secrets.token_urlsafe(16)})


def key_of(form: FormState) -> str:
    """The nonce of a form; a new one when it was changed by hand."""
    key = form.value(KEY)
    return key if _KEY.fullmatch(key) else secrets.token_urlsafe(16)


async def show(desk: Desk, work: CaseWork, sheet: Sheet, form: FormState, refusal: Refusal | None = None) -> Response:
    """The form, with what was typed, above it the errors or the refusal, below it what was reported."""
    form.values[KEY] = key_of(form)
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {
        "sheet": sheet,
        "case": work.view,
        "form": form,
        "more": choices_for(sheet.outcome, form, work.view.territory, desk.today),
        "refusal": refusal,
        "refusal_lines": refusal.lines(desk.language) if refusal else [],
        "reports": await reported(desk, work.view),
    }
    return desk.page(sheet.template, context, status)


def refused_page(desk: Desk, work: CaseWork, about: str, refusal: Refusal) -> Response:
    """What cannot be done now, without a form: why, who holds it, what is still open."""
    context = {"case": work.view, "about": about, "refusal": refusal, "refusal_lines": refusal.lines(desk.language)}
    return desk.page("refused.html", context, refusal.status)


def clean_key(text: str) -> str:
    """A number of ours that came in an address; anything else is dropped."""
    return text if re.fullmatch(r"[0-9-]{1,40}", text) else ""


async def parse_form(desk: Desk, work: CaseWork, sheet: Sheet, form: FormState) -> Parsed:
    """Check a posted form; its errors are put beside the fields."""
    parsed = await parse(desk, work, sheet.task, sheet.outcome, read_answers(sheet.outcome, form))
    show_errors(sheet.outcome, form, parsed.errors, desk.language.gettext)
    return parsed


async def parse(desk: Desk, work: CaseWork, task: Task, outcome: Outcome, given: Given) -> Parsed:
    """Check answers from anywhere; numbers of cases become ids where the post may name them."""
    parsed = check(task, outcome, given, desk.now)
    if parsed.errors or not any(question.kind is FieldKind.CASE for question in outcome.fields):
        return parsed

    async def find(number: str) -> UUID | None:
        async with desk.backend.db.read() as tx:
            view = await get_case_by_number(tx, desk.actor, number)
        joinable = view and view.id != work.view.id and view.status in (CaseStatus.OPEN, CaseStatus.CLOSED)
        return view.id if view and joinable else None

    return await resolve_cases(outcome, parsed, find)


def errors_problem(desk: Desk, parsed: Parsed) -> Problem:
    """The errors of the parser as the API answers them: every field by its path."""
    say = desk.language.gettext
    return Problem(
        422, "fields", errors=tuple(FieldError(path[:100], p.said(say)) for path, p in parsed.errors.items())
    )


async def send(desk: Desk, work: CaseWork, request: Request) -> Answer:
    """Store the act and hand it over."""
    return await desk.commands.act(desk.actor, work.view.id, request, desk.session.trace)


async def send_form(desk: Desk, work: CaseWork, sheet: Sheet, form: FormState, request: Request) -> Response:
    """Send what a page has posted and answer the person: back to the case, or the form again with the refusal."""
    answer = await send(desk, work, request)
    if answer.state is AnswerState.REFUSED and answer.refused is not None:
        refusal = await explain(desk, work, answer.refused, request.item)
        form.values.pop(KEY, None)  # the refused act keeps its key; what is sent next is another one
        return await show(desk, work, sheet, form, refusal)
    return desk.go(f"/cases/{work.view.id}", APPLIED if answer.state is AnswerState.APPLIED else PENDING)


def told_beforehand(desk: Desk, refused: Refused | None) -> str:
    """Why something is not open to this person, for a page that would offer it otherwise."""
    return refusal_words(refused, desk.language) if refused else ""
