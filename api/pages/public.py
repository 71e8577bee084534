"""The pages that need no login: the first page, the progress of a report, and a unit's reporting link."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.forms import FormState, read_form
from api.i18n import language_of
from api.navigation import start_of
from api.problems import Problem
from api.senders import DEAD_LINK, UNIT_COOKIE, unit_behind
from api.services import backend_of, services_of
from api.session import Session, current_session, viewer_of
from api.status import WRONG, ReportProgress, look_up
from api.templating import pages_of
from domain.protection_forms import FEEDBACK
from store.queries.reports import filed_by

router = APIRouter(include_in_schema=False)

UNIT_LINK_SECONDS = 2 * 60 * 60
"""How long a browser reports in a unit's name after its link was opened: a phone may be lent to the next person."""


@router.get("/")
async def home(request: Request) -> Response:
    """Report, ask, log in; staff go on to their work, a reporting unit sees what it has filed."""
    session = await current_session(request)
    if session is None:
        return pages_of(request).response(request, "home.html", {"filed": None})
    start = start_of(session.role)
    return RedirectResponse(start, 303) if start != "/" else await _reporter_home(request, session)


async def _reporter_home(request: Request, session: Session) -> Response:
    backend, language = backend_of(request), language_of(request)
    request.state.viewer = await viewer_of(backend, session, language)
    async with backend.db.read() as tx:
        filed = await filed_by(tx, session.person_id)
    told = {option.key: language.gettext(option.title) for option in FEEDBACK}
    place = backend.gazetteer.full_name
    lines = [(line, place(line.territory), told.get(line.feedback_code or "", "")) for line in filed]
    return pages_of(request).response(request, "home.html", {"filed": lines})


@router.get("/status")
async def status_form(request: Request) -> Response:
    """The form for number and code."""
    return _status_page(request, FormState(), None)


@router.post("/status")
async def post_status(request: Request) -> Response:
    """How the report stands; one answer for an unknown number and a wrong code."""
    form = await read_form(request)
    progress = await look_up(request, form.value("receipt"), form.value("code"))
    if progress is None:
        form.refuse("receipt", language_of(request).gettext(WRONG))
    return _status_page(request, form, progress, 200 if progress else 422)


def _status_page(request: Request, form: FormState, progress: ReportProgress | None, status: int = 200) -> Response:
    context: dict[str, object] = {"form": form, "progress": progress, "translated_steps": []}
    if progress:
        translate = language_of(request).gettext
        context["translated_steps"] = [(translate(title), state) for title, state in progress.steps]
        context["switches"] = []  # asking for this address in another language would ask for the form again
    return pages_of(request).response(request, "status.html", context, status)


@router.get("/u/{secret}")
async def unit_link(request: Request, secret: str) -> Response:
    """A unit's reporting link: from here on this browser reports in its name, and the secret leaves the address."""
    if await unit_behind(request, secret) is None:
        raise Problem(404, "unit_link", DEAD_LINK)
    web = services_of(request).web
    response = RedirectResponse("/report", 303)
    response.set_cookie(
        web.cookie(UNIT_COOKIE), secret, max_age=UNIT_LINK_SECONDS, secure=web.secure_cookies, httponly=True,
        samesite="lax", path="/",
    )  # fmt: skip
    return response
