"""Login for programs: a bearer token is a session like that of a browser."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.i18n import Language, language_of
from api.logins import WRONG, log_in, log_out
from api.problems import Problem
from api.services import backend_of
from api.session import Login, china_today
from domain.permissions import ROLE_TITLES
from store.queries.people import PostView, names, posts

router = APIRouter(prefix="/api/v1", tags=["session"])


class LoginQuestion(BaseModel):
    """A login and its password."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)


class Token(BaseModel):
    """Shown once; sent back as ``Authorization: Bearer``. Ends earlier when it is not used."""

    token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    idle_seconds: int
    absolute_seconds: int


class PostAnswer(BaseModel):
    """A post of the person who asks."""

    id: UUID
    role: str
    role_title: str
    territory: str
    territory_name: str
    unit: UUID
    unit_name: str
    current: bool


class SessionAnswer(BaseModel):
    """Who is asking."""

    login: str
    name: str
    must_change: bool
    absolute_until: datetime
    posts: list[PostAnswer]


_WRONG: dict[int | str, dict[str, Any]] = {401: {"description": "Not logged in, or wrong"}, 429: {}}


@router.post("/session", summary="Log in", status_code=201, responses=_WRONG)
async def post_session(request: Request, question: LoginQuestion) -> Token:
    """A token. 401 for an unknown login and a wrong password alike."""
    entered = await log_in(request, question.login, question.password)
    if entered is None:
        raise Problem(401, "wrong_login", WRONG, headers={"www-authenticate": "Bearer"})
    settings = backend_of(request).settings
    return Token(
        token=entered.opened.secret,
        idle_seconds=settings.session_idle_minutes * 60,
        absolute_seconds=int(entered.absolute.total_seconds()),
    )


@router.get("/session", summary="Who I am", responses=_WRONG)
async def get_session(request: Request, login: Login) -> SessionAnswer:
    """Name and posts of whoever the token belongs to."""
    backend = backend_of(request)
    async with backend.db.read() as tx:
        name = (await names(tx, backend.cipher, [login.person_id]))[login.person_id]
        held = await posts(tx, login.person_id, china_today())
    answers = [_post(request, post, language_of(request), login.post_id) for post in held]
    return SessionAnswer(
        login=login.login,
        name=name,
        must_change=login.must_change,
        absolute_until=login.absolute_until,
        posts=answers,
    )


@router.delete("/session", summary="Log out", status_code=204, responses=_WRONG)
async def delete_session(request: Request, login: Login) -> Response:
    """The token opens nothing any more."""
    await log_out(request, login)
    return Response(status_code=204)


def _post(request: Request, post: PostView, language: Language, current: UUID | None) -> PostAnswer:
    return PostAnswer(
        id=post.id,
        role=post.role.value,
        role_title=language.gettext(ROLE_TITLES[post.role]),
        territory=post.territory,
        territory_name=backend_of(request).gazetteer.full_name(post.territory),
        unit=post.unit_id,
        unit_name=post.unit_name,
        current=post.id == current,
    )
