"""The legal-basis page 时限与法律依据: every time limit of every task and where it stands, for everybody."""

from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.i18n import language_of
from api.services import backend_of
from api.session import current_session, viewer_of
from api.task_list import PROCESSES
from api.templating import pages_of
from domain.basis import basis_rows
from domain.basis_words import MARK_TITLES

router = APIRouter(include_in_schema=False)


@router.get("/law")
async def law(request: Request) -> Response:
    """The rules in use, by stage and task."""
    if session := await current_session(request):
        request.state.viewer = await viewer_of(backend_of(request), session, language_of(request))
    rows = [row for row in basis_rows(backend_of(request).book, PROCESSES) if row.rule]
    say = language_of(request).gettext
    stages = [(stage, list(its)) for stage, its in groupby(rows, key=lambda row: row.stage)]
    used = {basis.mark for row in rows for basis in row.basis}
    context = {
        "stages": stages,
        "marks": [(mark, words) for mark, words in MARK_TITLES.items() if mark in used],
        "say": lambda phrase: phrase.said(say) if phrase else "",
    }
    return pages_of(request).response(request, "law.html", context)
