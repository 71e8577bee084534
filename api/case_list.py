"""The lines of a list of cases, as the page and the API tell them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from api.answer_words import place_below
from api.clock_view import Badge, time_left
from api.desk import Desk, one_of
from api.offers import process_of
from api.places import CASE_PLACE, checked_place
from api.task_list import COLOUR_KEYS, STAGES
from api.titles import STATUSES, spoken, stage_title
from domain.checks import Invalid, clean_text
from domain.permissions import reaches
from domain.state import CaseStatus
from store.paging import Count, Page
from store.queries.cases import CaseFilter, CaseView, Order, count_cases, list_cases

PAGE_ROWS = 50
_NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list in the reader's language."""

    view: CaseView
    stage: str
    status: str
    place: str
    badge: Badge | None

    @property
    def href(self) -> str:
        """Its page."""
        return f"/cases/{self.view.id}"


class CaseOut(BaseModel):
    """A case 个案 as the API tells it. ``next_due_at``: its nearest running limit."""

    id: UUID
    number: str
    process: str
    territory: str
    status: CaseStatus
    stage: str
    colour: str | None
    round: int
    hops: int
    merged_into: UUID | None
    opened_at: datetime
    closed_at: datetime | None
    next_due_at: datetime | None
    overdue: bool
    rev: int


class CasePage(BaseModel):
    """A page of cases; ``after`` gives the next one. ``count`` is counted no further than ``1000+``."""

    items: list[CaseOut]
    count: str
    after: str


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What a list was asked for, with every unknown value dropped."""

    narrow: CaseFilter
    order: Order
    after: str

    @property
    def filters(self) -> dict[str, str]:
        """The filters as a query string has them."""
        narrow = self.narrow
        return {
            "status": str(narrow.status or "all"),
            "stage": narrow.stage,
            "colour": narrow.colour,
            "territory": narrow.territory,
            "number": narrow.number,
            "overdue": "yes" if narrow.overdue else "",
            "order": "" if self.order is Order.URGENT else str(self.order),
        }


def read_query(desk: Desk, asked: Mapping[str, str]) -> CaseQuery:
    """The list a query string asks for: open cases when it names no status."""
    status, territory, order = asked.get("status", "open"), asked.get("territory", ""), asked.get("order", "")
    narrow = CaseFilter(
        status=CaseStatus(status) if status in set(CaseStatus) else None,
        stage=one_of(asked.get("stage", ""), set(STAGES)),
        colour=one_of(asked.get("colour", ""), COLOUR_KEYS),
        territory=territory if territory.isdigit() and reaches(desk.actor.territory, territory) else "",
        number=_number(asked.get("number", "")),
        overdue=asked.get("overdue", "") == "yes",
    )
    return CaseQuery(
        narrow,
        Order(order) if order in set(Order) else Order.URGENT,
        checked_place(asked.get("after", ""), *CASE_PLACE),
    )


def _number(text: str) -> str:
    try:
        return clean_text(text, _NUMBER_LENGTH)
    except Invalid:
        return ""


async def case_page(desk: Desk, query: CaseQuery) -> tuple[Page[CaseView], Count]:
    """A page of cases and how many there are: two statements."""
    async with desk.backend.db.read() as tx:
        page = await list_cases(tx, desk.actor, query.narrow, order=query.order, limit=PAGE_ROWS, after=query.after)
        return page, await count_cases(tx, desk.actor, query.narrow)


def case_line(desk: Desk, view: CaseView) -> CaseLine:
    """One row in words."""
    language = desk.language
    return CaseLine(
        view=view,
        stage=spoken(language, stage_title(process_of(view.process), view.stage)),
        status=language.gettext(STATUSES[view.status]),
        place=place_below(view.territory, desk.actor.territory),
        badge=time_left(view.next_due_at, desk.now, language) if view.next_due_at else None,
    )


def case_out(desk: Desk, view: CaseView) -> CaseOut:
    """One row for programs."""
    overdue = view.next_due_at is not None and view.next_due_at <= desk.now
    names = set(CaseOut.model_fields) - {"overdue"}
    return CaseOut(overdue=overdue, **{name: getattr(view, name) for name in names})
