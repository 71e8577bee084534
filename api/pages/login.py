"""Pages for logging in and out, and the list of one's own sessions and posts."""

from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.flash import declare_flash, set_flash
from api.forms import FormState, read_form
from api.i18n import language_of
from api.logins import WRONG, change_post, end_others, log_in, log_out
from api.navigation import start_of
from api.problems import Problem
from api.services import backend_of
from api.session import (
    Login,
    china_today,
    current_session,
    drop_session_cookie,
    login_of,
    post_words,
    set_session_cookie,
    viewer_of,
)
from api.templating import pages_of
from domain.words import N_
from store.queries.people import posts

router = APIRouter(include_in_schema=False)

LOGGED_OUT = declare_flash("logged_out", N_("已退出登录。"))
OTHERS_ENDED = declare_flash("others_ended", N_("其他登录已全部退出。"))
POST_CHANGED = declare_flash("post_changed", N_("已切换岗位。"))


@router.get("/login")
async def login_form(request: Request) -> Response:
    """The form; who is logged in already goes on."""
    session = await current_session(request)
    if session is not None:
        return RedirectResponse(_next(request.query_params.get("next", ""), start_of(session.role)), 303)
    return _form_page(request, FormState(values={"next": request.query_params.get("next", "")}))


@router.post("/login")
async def post_login(request: Request) -> Response:
    """A new session, or the form again with one answer for every kind of wrong."""
    form = await read_form(request)
    entered = await log_in(request, form.value("login"), form.value("password"))
    if entered is None:
        form.refuse("login", language_of(request).gettext(WRONG))
        return _form_page(request, form, 422)
    response = RedirectResponse(_next(form.value("next"), start_of(entered.post.role)), 303)
    set_session_cookie(request, response, entered.opened.secret)
    return response


@router.post("/logout")
async def post_logout(request: Request) -> Response:
    """End this session; harmless without one."""
    login = await login_of(request)
    if login is not None:
        await log_out(request, login)
    response = RedirectResponse("/", 303)
    drop_session_cookie(request, response)
    set_flash(response, LOGGED_OUT)
    return response


@router.get("/sessions")
async def session_list(request: Request, login: Login) -> Response:
    """One's own live sessions and posts."""
    backend = backend_of(request)
    async with backend.db.read() as tx:
        lines = await backend.sessions.of_person(tx, login.person_id)
        held = await posts(tx, login.person_id, china_today())
    session, language = await current_session(request), language_of(request)
    if session is not None:
        request.state.viewer = await viewer_of(backend, session, language)
    context = {
        "lines": [(line, line.id_hash == login.id_hash) for line in lines],
        "posts": [
            (str(post.id), post_words(post, language), backend.gazetteer.full_name(post.territory)) for post in held
        ],
        "form": FormState(values={"post": str(login.post_id or "")}),
        "login": login.login,
    }
    return pages_of(request).response(request, "sessions.html", context)


@router.post("/sessions/end")
async def post_end_others(request: Request, login: Login) -> Response:
    """End all sessions but this one."""
    await end_others(request, login)
    response = RedirectResponse("/sessions", 303)
    set_flash(response, OTHERS_ENDED)
    return response


@router.post("/sessions/post")
async def post_choose(request: Request, login: Login) -> Response:
    """Act in another of one's posts."""
    form = await read_form(request)
    try:
        wanted = UUID(form.value("post"))
    except ValueError:
        raise Problem(404, "post") from None
    if not await change_post(request, login, wanted):
        raise Problem(404, "post")
    response = RedirectResponse("/sessions", 303)
    set_flash(response, POST_CHANGED)
    return response


def _form_page(request: Request, form: FormState, status: int = 200) -> Response:
    return pages_of(request).response(request, "login.html", {"form": form}, status)


def _next(wanted: str, otherwise: str) -> str:
    """Where to go on: an address of this site only, never one that leads away."""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if safe and wanted.isprintable() and not wanted.startswith("/login") else otherwise
