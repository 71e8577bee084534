"""What a handler of the working pages has at hand: who asks, in which post, in which language, at which instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.commands import Commands
from api.flash import Flash, set_flash
from api.i18n import Language, language_of
from api.problems import Problem
from api.services import Backend, backend_of
from api.session import AnySession, PageSession, Session
from api.templating import pages_of
from domain.acts import Actor
from domain.zone import CHINA
from store.trail import Entry, record


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of a person at work. Every list, form and decision of the request counts from the same ``now``."""

    request: Request
    session: Session
    backend: Backend
    language: Language
    now: datetime

    @property
    def actor(self) -> Actor:
        """The person in the post they act in."""
        return self.session.actor

    @property
    def commands(self) -> Commands:
        """The way to act on cases."""
        return self.backend.commands

    @property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(CHINA).date()

    def page(self, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        """A page, with ``now`` for its clocks."""
        return pages_of(self.request).response(self.request, template, {"now": self.now, **context}, status)

    def go(self, where: str, flash: Flash | None = None) -> Response:
        """To another page after a post."""
        response = RedirectResponse(where, 303)
        if flash:
            set_flash(response, flash)
        return response

    async def note(self, *entries: Entry) -> None:
        """Write down what is about to be shown, before it is shown; without the row nothing is shown."""
        async with self.backend.db.unit_of_work() as tx:
            for entry in entries:
                await record(tx, entry, self.actor, self.session.trace)


def _desk(request: Request, session: Session) -> Desk:
    return Desk(request, session, backend_of(request), language_of(request), datetime.now(UTC))


async def page_desk(request: Request, session: PageSession) -> Desk:
    """For pages: the head of the page is filled in."""
    return _desk(request, session)


async def api_desk(request: Request, session: AnySession) -> Desk:
    """For programs."""
    return _desk(request, session)


PageDesk = Annotated[Desk, Depends(page_desk)]
ApiDesk = Annotated[Desk, Depends(api_desk)]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(404) from None


async def case_id_of(case_id: Annotated[str, Path(json_schema_extra={"format": "uuid"})]) -> UUID:
    """The case named in the address; a text that is no id names no case."""
    return _uuid(case_id)


CaseId = Annotated[UUID, Depends(case_id_of)]


def one_of(text: str, known: frozenset[str] | set[str]) -> str:
    """A filter as it was asked for; one nobody knows narrows nothing."""
    return text if text in known else ""
