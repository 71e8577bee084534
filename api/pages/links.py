"""Other cases that may be about the same child: suggested by the system, decided by a person."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.case_list import CaseLine, case_line
from api.case_work import require
from api.desk import CaseId, Desk, PageDesk
from api.flash import declare_flash
from api.forms import read_form
from api.offers import process_of
from api.problems import Problem
from api.titles import STATUS_KINDS, STRENGTHS
from domain.permissions import Verb, may
from domain.state import ItemStatus
from domain.words import N_
from store.database import Tx
from store.queries.case_head import Signals, case_head
from store.queries.case_page import items
from store.queries.cases import CaseView, get_cases
from store.queries.links import Link, decide, links
from store.tables import WorkItem
from store.tables.case_link import LinkState
from store.trail import Entry, record

router = APIRouter(include_in_schema=False)

DISMISSED = declare_flash("link-dismissed", N_("已登记：不是同一儿童。"))
SUGGESTED_AGAIN = declare_flash("link-suggested", N_("已恢复为待核对。"))
DECISIONS = {"dismiss": (LinkState.DISMISSED, DISMISSED), "suggest": (LinkState.SUGGESTED, SUGGESTED_AGAIN)}
STATES = {
    LinkState.SUGGESTED: N_("待核对"),
    LinkState.DISMISSED: N_("不是同一儿童"),
    LinkState.MERGED: N_("已并案"),
}


@router.get("/cases/{case_id}/links")
async def case_links(case_id: CaseId, desk: PageDesk) -> Response:
    """The suggestions of a case and the cases merged with it."""
    async with desk.backend.db.read() as tx:
        view, signals = await _head(desk, tx, case_id)
        rows = await items(tx, case_id)
        found = await links(tx, desk.actor, case_id)
        merged = await get_cases(tx, desk.actor, [*signals.joined, *([view.merged_into] if view.merged_into else [])])
    await desk.note(Entry("case.read", "case", str(case_id)))
    context = {
        "case": view,
        "lines": [_line(desk, link) for link in found],
        "joined": [case_line(desk, merged[other]) for other in signals.joined if other in merged],
        "hidden": sum(other not in merged for other in signals.joined),
        "into": case_line(desk, merged[view.merged_into]) if view.merged_into in merged else None,
        "may_decide": bool(_may_decide(desk, view)),
        "merge": _merge_form(view, rows),
        "kinds": STATUS_KINDS,
    }
    return desk.page("case_links.html", context)


def _line(desk: Desk, link: Link) -> tuple[Link, CaseLine | None, str, str]:
    say = desk.language.gettext
    other = case_line(desk, link.other) if link.other else None
    return link, other, say(STRENGTHS[link.strength]), say(STATES[link.state])


async def _head(desk: Desk, tx: Tx, case_id: UUID) -> tuple[CaseView, Signals]:
    found = await case_head(tx, desk.actor, case_id)
    if found is None:
        raise Problem(404)
    return found


def _may_decide(desk: Desk, view: CaseView) -> bool:
    verb, post = Verb.DECIDE_LINK, desk.actor.territory
    return bool(may(verb, desk.session.role, post, view.territory, involved=view.involved, status=view.status))


def _merge_form(view: CaseView, rows: list[WorkItem]) -> str:
    """The form by which this case is merged into another: an outcome of taking its report in; "" when that is over."""
    process = process_of(view.process)
    for item in rows:
        joins = [outcome for outcome in process.task(item.task).outcomes if outcome.joins]
        if item.status == ItemStatus.OPEN and joins:
            return f"/cases/{view.id}/items/{item.id}/{joins[0].key}"
    return ""


@router.post("/cases/{case_id}/links/{other_id}")
async def decide_link(case_id: CaseId, other_id: UUID, desk: PageDesk) -> Response:
    """Whether two cases are about one child, in the view of the county; reversible, and written down."""
    async with desk.backend.db.read() as tx:
        view, _ = await _head(desk, tx, case_id)
        require(desk, Verb.DECIDE_LINK, view)
    form = await read_form(desk.request)
    if form.value("decision") not in DECISIONS:
        raise Problem(422, "decision")
    state, flash = DECISIONS[form.value("decision")]
    async with desk.backend.db.unit_of_work() as tx:
        for one in (case_id, other_id):
            view, _ = await _head(desk, tx, one)
            require(desk, Verb.DECIDE_LINK, view)
        if not await decide(tx, case_id, other_id, state, desk.actor):
            raise Problem(404)
        entry = Entry(f"link.{form.value('decision')}", "case", f"{case_id}+{other_id}")
        await record(tx, entry, desk.actor, desk.session.trace)
    return desk.go(f"/cases/{case_id}/links", flash)
