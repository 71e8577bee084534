"""Cases 个案: the list of a post, and the page of one case with what it leads to."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.case_list import case_line, case_page, read_query
from api.case_page import picture, read_sheet
from api.case_record import read_record, read_reporter
from api.case_work import load_case, require
from api.desk import CaseId, Desk, PageDesk
from api.forms import FormState
from api.places import link
from api.task_list import STAGES
from api.titles import STATUS_KINDS, STATUSES, spoken
from domain.bpmn import bpmn_xml
from domain.permissions import Verb
from domain.protection_forms import COLOURS
from domain.territory import Gazetteer
from domain.words import N_
from store.trail import Entry

router = APIRouter(include_in_schema=False)

EMPTY = N_("没有符合条件的个案。")
ORDERS = (("", N_("最急的在前")), ("newest", N_("最新的在前")))


@router.get("/cases")
async def cases(desk: PageDesk) -> Response:
    """The cases a post may read."""
    query = read_query(desk, desk.request.query_params)
    page, count = await case_page(desk, query)
    say = desk.language.gettext
    context = {
        "lines": [case_line(desk, view) for view in page.rows],
        "count": count.shown,
        "next": link("/cases", {**query.filters, "after": page.after}) if page.after else "",
        "first": link("/cases", query.filters) if query.after else "",
        "empty": say(EMPTY),
        "form": FormState(values={**query.filters}),
        "statuses": [("all", say(N_("全部"))), *((str(key), say(title)) for key, title in STATUSES.items())],
        "stages": [(key, spoken(desk.language, title)) for key, title in STAGES.items()],
        "orders": [(key, say(title)) for key, title in ORDERS],
        "areas": _areas(desk),
        "colours": COLOURS,
        "kinds": STATUS_KINDS,
    }
    return desk.page("cases.html", context)


def _areas(desk: Desk) -> list[tuple[str, str]]:
    """The territories one level below the post."""
    return [(place.code, place.name) for place in Gazetteer.load().children(desk.actor.territory, desk.today)]


@router.get("/cases/{case_id}")
async def case(case_id: CaseId, desk: PageDesk) -> Response:
    """One case. That it was read is written down before it is shown."""
    sheet = await read_sheet(desk, case_id, desk.request.query_params.get("after", ""))
    view, rows = picture(desk, sheet.work, links=True)
    context = {
        "sheet": sheet,
        "case": sheet.work.view,
        "signals": sheet.work.signals,
        "view": view,
        "rows": rows,
        "kinds": STATUS_KINDS,
    }
    return desk.page("case.html", context)


@router.get("/cases/{case_id}/records")
async def records(case_id: CaseId, desk: PageDesk) -> Response:
    """What was reported and what officers have written, opened; who read it is written down first."""
    record = await read_record(desk, case_id)
    return desk.page("case_records.html", {"record": record, "case": record.view})


@router.get("/cases/{case_id}/reports/{report_id}/reporter")
async def who_reported(case_id: CaseId, report_id: UUID, desk: PageDesk) -> Response:
    """Who made one report: for the county only."""
    view, lines = await read_reporter(desk, case_id, report_id)
    return desk.page("case_reporter.html", {"case": view, "lines": lines})


@router.get("/cases/{case_id}/process.svg")
async def process_svg(case_id: CaseId, desk: PageDesk) -> Response:
    """The process picture with the live state, as a file."""
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    require(desk, Verb.READ_CASE, work.view)
    view, _ = picture(desk, work, links=False)
    drawn = desk.page("process.svg.j2", {"view": view})
    await desk.note(Entry("case.read", "case", str(case_id)))
    headers = {"content-disposition": f'inline; filename="{work.view.number}.svg"'}
    return Response(drawn.body, media_type="image/svg+xml", headers=headers)


@router.get("/cases/{case_id}/process.bpmn")
async def process_bpmn(case_id: CaseId, desk: PageDesk) -> Response:
    """The declared process of the case as BPMN 2.0 with its layout."""
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    headers = {"content-disposition": f'attachment; filename="{work.process.key}.bpmn"'}
    return Response(bpmn_xml(work.process, desk.language.gettext), media_type="application/xml", headers=headers)
