"""Working on a piece of work: take it, choose how it ends, fill in the form, send it."""

from fastapi import APIRouter
from starlette.responses import Response

from api.act_forms import (
    Sheet,
    clean_key,
    fresh_form,
    key_of,
    parse_form,
    refused_page,
    send_form,
    show,
    told_beforehand,
)
from api.case_page import item_line
from api.case_record import reported
from api.case_work import CaseWork, act_at_once, explain, load_case, open_items, require_act
from api.commands import AnswerState, Request
from api.desk import CaseId, Desk, PageDesk
from api.flash import Flash, declare_flash
from api.forms import read_form
from api.offers import offers
from api.problems import Problem
from api.task_answers import STEP
from api.titles import spoken, task_title
from domain.acts import ActKind, RefusalCode
from domain.process import FieldKind, Outcome
from domain.state import ItemStatus
from domain.words import N_
from store.queries.who import Who
from store.tables import WorkItem

router = APIRouter(include_in_schema=False)

CLAIMED = declare_flash("item-claimed", N_("已认领。"))
RELEASED = declare_flash("item-released", N_("已退领。"))


async def loaded(desk: Desk, case_id: CaseId, item_id: str) -> tuple[CaseWork, WorkItem]:
    """The case and one of its items; Problem 404 when either is not there for this post."""
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    item = work.item(item_id)
    if item is None or work.task_of(item).is_system:
        raise Problem(404)
    return work, item


@router.get("/cases/{case_id}/items/{item_id}")
async def choose_outcome(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """How this piece of work can end; what is not open to this person says why."""
    work, item = await loaded(desk, case_id, item_id)
    task = work.task_of(item)
    refusals = {outcome.key: work.asker.outcome_refused(item.id, outcome) for outcome in task.outcomes}
    still_open = next((r for r in refusals.values() if r and r.code is RefusalCode.STILL_OPEN), None)
    if item.status == ItemStatus.OPEN and len(task.outcomes) == 1 and not any(refusals.values()):
        return desk.go(f"/cases/{case_id}/items/{item_id}/{task.outcomes[0].key}")
    context = {
        "case": work.view,
        "line": item_line(desk, work, item, offers(work.asker), Who()),
        "task": task,
        "is_open": item.status == ItemStatus.OPEN,
        "outcomes": [(outcome, told_beforehand(desk, refusals[outcome.key])) for outcome in task.outcomes],
        "still_open": list(open_items(desk, work, still_open.open_items)) if still_open else [],
        "reports": await reported(desk, work.view),
    }
    return desk.page("item.html", context)


def _sheet(desk: Desk, work: CaseWork, item: WorkItem, outcome_key: str) -> Sheet:
    task = work.task_of(item)
    outcome = next((outcome for outcome in task.outcomes if outcome.key == outcome_key), None)
    if outcome is None:
        raise Problem(404)
    here = f"/cases/{work.view.id}/items/{item.id}"
    back = here if len(task.outcomes) > 1 else f"/cases/{work.view.id}"
    return Sheet(f"{here}/{outcome.key}", task, outcome, _heading(desk, task.title, outcome), work.view.number, back)


def _heading(desk: Desk, task_title: str, outcome: Outcome) -> str:
    say = desk.language.gettext
    title, ending = say(task_title), say(outcome.title)
    return title if title == ending else say(N_("%(task)s：%(outcome)s")) % {"task": title, "outcome": ending}


@router.post("/cases/{case_id}/items/{item_id}/claim")
async def claim(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """Take a piece of work; rivals are told who was first."""
    return await _at_once(desk, case_id, item_id, ActKind.CLAIM, CLAIMED)


@router.post("/cases/{case_id}/items/{item_id}/release")
async def release(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """Give a piece of work back."""
    return await _at_once(desk, case_id, item_id, ActKind.RELEASE, RELEASED)


async def _at_once(desk: Desk, case_id: CaseId, item_id: str, kind: ActKind, flash: Flash) -> Response:
    form = await read_form(desk.request)
    work, item = await loaded(desk, case_id, item_id)
    answer = await act_at_once(desk, work, kind, item_id)
    if answer.state is AnswerState.REFUSED and answer.refused is not None:
        refusal = await explain(desk, work, answer.refused, item_id)
        return refused_page(desk, work, spoken(desk.language, task_title(work.process, item.task)), refusal)
    ways = {"tasks": "/tasks", "work": f"/cases/{case_id}/items/{item_id}"}
    return desk.go(ways.get(form.value("next"), f"/cases/{case_id}"), flash)


@router.get("/cases/{case_id}/items/{item_id}/{outcome}")
async def outcome_form(case_id: CaseId, item_id: str, outcome: str, desk: PageDesk) -> Response:
    """The form of one outcome."""
    work, item = await loaded(desk, case_id, item_id)
    sheet = _sheet(desk, work, item, outcome)
    refused = work.asker.outcome_refused(item_id, sheet.outcome)
    if refused:
        return refused_page(desk, work, sheet.heading, await explain(desk, work, refused, item_id))
    form = fresh_form()
    if any(question.kind is FieldKind.CASE for question in sheet.outcome.fields):
        form.values["case"] = clean_key(desk.request.query_params.get("case", ""))
    return await show(desk, work, sheet, form)


@router.post("/cases/{case_id}/items/{item_id}/{outcome}")
async def post_outcome(case_id: CaseId, item_id: str, outcome: str, desk: PageDesk) -> Response:
    """End the piece of work with this outcome; or show the form again with what was typed."""
    form = await read_form(desk.request)
    work, item = await loaded(desk, case_id, item_id)
    require_act(desk, ActKind.DO, work.view)
    sheet = _sheet(desk, work, item, outcome)
    if form.value(STEP):
        return await show(desk, work, sheet, form)
    parsed = await parse_form(desk, work, sheet, form)
    if parsed.errors:
        return await show(desk, work, sheet, form)
    request = Request(
        ActKind.DO,
        item=item_id,
        task=item.task,
        outcome=outcome,
        codes=parsed.codes,
        content=parsed.content,
        key=key_of(form),
    )
    return await send_form(desk, work, sheet, form, request)
