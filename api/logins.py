"""Logging in and out, for pages and programs alike: the same checks, limits, words and audit rows."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from starlette.requests import Request

from api.limits import LOGIN, LOGIN_ACCOUNT, LOGIN_ADDRESS, address_of
from api.passwords import MOST_CHARACTERS
from api.problems import Problem
from api.services import backend_of
from api.session import NO_POST, china_today, secret_of, trace_of
from domain.acts import Actor
from domain.words import N_
from store.database import Tx
from store.queries.people import Credentials, PostView, find_login, posts, set_password_hash
from store.sessions import Opened, SessionView
from store.trail import Entry, Trace, record

WRONG = N_("用户名或密码不对。")


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session and the post it acts in."""

    opened: Opened
    post: PostView
    absolute: timedelta


async def log_in(request: Request, login: str, password: str) -> LoggedIn | None:
    """A new session with a new id; None for an unknown login and a wrong password, in the same time and words.

    Raises Problem 429 after too many tries, 403 when the person holds no post any more.
    """
    await _limit(request, login)
    backend = backend_of(request)
    async with backend.db.read() as tx:
        known = await find_login(tx, login)
    fits, newer = await backend.passwords.check(password, known.password_hash if known else None)
    trace = trace_of(request)
    if known is None or not fits or not known.active or len(password) > MOST_CHARACTERS:
        async with backend.db.unit_of_work() as tx:
            await record(tx, Entry("login", "person", str(known.id) if known else "", "refused"), None, trace)
        return None
    async with backend.db.unit_of_work() as tx:
        return await _open(tx, request, known, newer)


async def _open(tx: Tx, request: Request, known: Credentials, newer: str | None) -> LoggedIn:
    backend = backend_of(request)
    if newer:
        await set_password_hash(tx, known.id, newer, must_change=known.must_change)
    held = await posts(tx, known.id, china_today())
    if not held:
        raise Problem(403, "no_post", NO_POST)
    before = await backend.sessions.find(secret_of(request)) if secret_of(request) else None
    if before:
        await backend.sessions.end(tx, before.id_hash)
    settings = backend.settings
    absolute = timedelta(minutes=settings.session_absolute_minutes)
    opened = await backend.sessions.open(
        tx, known.id, held[0].id, idle=timedelta(minutes=settings.session_idle_minutes), absolute=absolute
    )
    trace = Trace(trace_of(request).request_id, opened.id_hash)
    await record(tx, Entry("login", "person", str(known.id)), held[0].actor, trace)
    return LoggedIn(opened, held[0], absolute)


async def _limit(request: Request, login: str) -> None:
    address, account = address_of(request), login.strip().lower()[:MOST_CHARACTERS]
    await LOGIN_ADDRESS.count(request, address)
    await LOGIN.count(request, address, account)
    await LOGIN_ACCOUNT.count(request, account)


async def log_out(request: Request, view: SessionView) -> None:
    """End this session."""
    backend = backend_of(request)
    async with backend.db.unit_of_work() as tx:
        await backend.sessions.end(tx, view.id_hash)
        await record(tx, Entry("logout", "person", str(view.person_id)), actor_of(view), trace_of(request, view))


async def end_others(request: Request, view: SessionView) -> int:
    """End every other session of the person; how many there were."""
    backend = backend_of(request)
    async with backend.db.unit_of_work() as tx:
        ended = await backend.sessions.end_all(tx, view.person_id, keep=view.id_hash)
        await record(tx, Entry("logout.others", "person", str(view.person_id)), actor_of(view), trace_of(request, view))
    return ended


async def change_post(request: Request, view: SessionView, post_id: UUID) -> bool:
    """Act in another post of one's own from now on; False when it is none."""
    backend = backend_of(request)
    async with backend.db.unit_of_work() as tx:
        post = next((post for post in await posts(tx, view.person_id, china_today()) if post.id == post_id), None)
        if post is None:
            return False
        await backend.sessions.choose_post(tx, view.id_hash, post.id)
        await record(tx, Entry("post.choose", "post", str(post.id)), post.actor, trace_of(request, view))
    return True


def actor_of(view: SessionView) -> Actor:
    """Who acts, also without a post."""
    return view.actor or Actor(str(view.person_id), "", "")
