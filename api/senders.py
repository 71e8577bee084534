"""Who sends a report: somebody logged in, a unit by the link on its wall, or a member of the public."""

from uuid import UUID

from starlette.requests import Request

from api.problems import Problem
from api.reports import Sender
from api.services import backend_of, services_of
from api.session import current_session, trace_of
from domain.words import N_
from store.queries.people import UnitView, unit_of_link

UNIT_COOKIE = "unit"
UNIT_HEADER = "x-unit-link"
KEY_HEADER = "idempotency-key"
MOST_KEY_CHARACTERS = 200

DEAD_LINK = N_("这个单位报告链接已经停用或更换。您仍然可以直接报告。")
BAD_KEY = N_("Idempotency-Key 应为 1 至 200 个可见的 ASCII 字符。")


async def unit_behind(request: Request, secret: str) -> UnitView | None:
    """The active unit whose link this is."""
    if not 0 < len(secret) < MOST_KEY_CHARACTERS:
        return None
    backend = backend_of(request)
    async with backend.db.read() as tx:
        return await unit_of_link(tx, backend.cipher, secret)


async def linked_unit(request: Request) -> UnitView | None:
    """The unit whose link this browser has opened."""
    return await unit_behind(request, request.cookies.get(services_of(request).web.cookie(UNIT_COOKIE), ""))


async def page_sender(request: Request) -> Sender:
    """Who posts the form. A link that has died meanwhile is no reason to lose a report: it then is the public's."""
    session = await current_session(request)
    if session is not None:
        return Sender(session.actor, None, session.trace)
    unit = await linked_unit(request)
    return Sender(None, unit.id if unit else None, trace_of(request))


async def api_sender(request: Request) -> Sender:
    """Who calls the API; a program is told when its link is dead: Problem 403."""
    session = await current_session(request)
    if session is not None:
        return Sender(session.actor, None, session.trace)
    return Sender(None, await _unit_of_header(request), trace_of(request))


async def _unit_of_header(request: Request) -> UUID | None:
    secret = request.headers.get(UNIT_HEADER)
    if secret is None:
        return None
    unit = await unit_behind(request, secret)
    if unit is None:
        raise Problem(403, "unit_link", DEAD_LINK)
    return unit.id


def checked_key(key: str) -> str:
    """An idempotency key as it may be stored; raises Problem 422."""
    if not (0 < len(key) <= MOST_KEY_CHARACTERS and key.isascii() and key.isprintable()):
        raise Problem(422, "idempotency_key", BAD_KEY)
    return key
