"""Who is asking: the login session behind a cookie or a bearer token, and the checks that handlers hang on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.csrf import SESSION_COOKIE
from api.i18n import Language, language_of
from api.navigation import nav_for
from api.problems import Problem, is_api, request_id_of
from api.services import Backend, backend_of, services_of
from api.templating import Viewer
from domain.acts import Actor
from domain.permissions import ROLE_TITLES, Verb, may_in_office
from domain.process import Role
from domain.words import N_
from domain.zone import CHINA
from store.queries.head import page_head
from store.queries.people import PostView
from store.sessions import SessionView
from store.trail import Trace

LOGIN_FIRST = N_("登录已经失效，请重新登录。")
NO_POST = N_("您目前没有在岗的岗位，请联系本单位管理员。")
NOT_YOUR_ROLE = N_("您的岗位没有这项权限。")
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is logged in, acting in one of their posts."""

    view: SessionView
    actor: Actor
    trace: Trace

    @property
    def person_id(self) -> UUID:
        """The person."""
        return self.view.person_id

    @property
    def unit_id(self) -> UUID:
        """The unit of the post."""
        return UUID(self.actor.unit)

    @property
    def role(self) -> Role:
        """The role of the post."""
        return Role(self.actor.role)


def secret_of(request: Request) -> str:
    """The session secret of the request: a program's bearer token, else the cookie; "" when there is none."""
    header = request.headers.get("authorization", "")
    if is_api(request) and header.lower().startswith(BEARER):
        return header[len(BEARER) :].strip()
    return request.cookies.get(services_of(request).web.cookie(SESSION_COOKIE), "")


def trace_of(request: Request, view: SessionView | None = None) -> Trace:
    """What an audit row says about where an action came from."""
    return Trace(request_id_of(request), view.id_hash if view else None)


async def login_of(request: Request) -> SessionView | None:
    """The live login behind the request, with or without a post; asked of SQL once a request."""
    if not hasattr(request.state, "login"):
        secret = secret_of(request)
        request.state.login = await backend_of(request).sessions.find(secret) if 0 < len(secret) < 200 else None
    login: SessionView | None = request.state.login
    return login


async def current_session(request: Request) -> Session | None:
    """Who is logged in and acts in a post, or None."""
    login = await login_of(request)
    return Session(login, login.actor, trace_of(request, login)) if login and login.actor else None


async def require_login(request: Request) -> SessionView:
    """A login, with or without a post: 401 for programs, the login page for people."""
    login = await login_of(request)
    if login is not None:
        return login
    if is_api(request):
        raise Problem(401, "login", LOGIN_FIRST, headers={"www-authenticate": "Bearer"})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(here, safe='')}" if request.method == "GET" and here != "/" else ""
    raise HTTPException(303, headers={"location": f"/login{back}"})


async def require_session(request: Request) -> Session:
    """A login that acts in a post; without one 403."""
    login = await require_login(request)
    if login.actor is None:
        raise Problem(403, "no_post", NO_POST)
    return Session(login, login.actor, trace_of(request, login))


async def require_page(request: Request) -> Session:
    """Like :func:`require_session`, and the page head gets name, post, navigation and unread messages."""
    session = await require_session(request)
    request.state.viewer = await viewer_of(backend_of(request), session, language_of(request))
    return session


def require_office(verb: Verb) -> Callable[[Request], Awaitable[Session]]:
    """A page of the office for those whose role may do ``verb``; 403 for the others."""

    async def check(request: Request) -> Session:
        session = await require_page(request)
        if not may_in_office(verb, session.role):
            raise Problem(403, "role", NOT_YOUR_ROLE)
        return session

    return check


CurrentSession = Annotated[Session | None, Depends(current_session)]
Login = Annotated[SessionView, Depends(require_login)]
AnySession = Annotated[Session, Depends(require_session)]
PageSession = Annotated[Session, Depends(require_page)]


def china_today() -> date:
    """The day in China: it decides which posts are in force."""
    return datetime.now(CHINA).date()


async def viewer_of(backend: Backend, session: Session, language: Language) -> Viewer:
    """The page head of a person who is logged in."""
    async with backend.db.read() as tx:
        head = await page_head(tx, backend.cipher, session.person_id, session.view.post_id)
    role = language.gettext(ROLE_TITLES[Role(head.role)]) if head.role else ""
    post = " · ".join(part for part in (role, head.unit_name) if part)
    return Viewer(head.name, post, nav_for(session.role), head.unread)


def post_words(post: PostView, language: Language) -> str:
    """A post in words: role and unit."""
    return f"{language.gettext(ROLE_TITLES[post.role])} · {post.unit_name}"


def set_session_cookie(request: Request, response: Response, secret: str) -> None:
    """Give the browser a new session; the old id is worth nothing from now on."""
    web = services_of(request).web
    response.set_cookie(
        web.cookie(SESSION_COOKIE), secret, secure=web.secure_cookies, httponly=True, samesite="lax", path="/"
    )


def drop_session_cookie(request: Request, response: Response) -> None:
    """Take the session cookie away."""
    web = services_of(request).web
    response.delete_cookie(
        web.cookie(SESSION_COOKIE), secure=web.secure_cookies, httponly=True, samesite="lax", path="/"
    )
