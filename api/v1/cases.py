"""Cases for programs: the list of a post, one case with its work, its clocks and its history."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.case_list import CaseOut, CasePage, case_out, case_page, read_query
from api.case_work import CaseWork, load_case
from api.clock_view import rule_of
from api.desk import ApiDesk, CaseId, Desk
from api.offers import offers
from api.places import EVENT_PLACE, checked_place
from api.problems import Problem
from api.titles import spoken, task_title
from domain.basis_words import basis_words
from domain.state import CaseStatus, ItemStatus
from store.queries.case_head import case_head
from store.queries.case_page import events
from store.queries.cases import Order
from store.tables import Clock, WorkItem
from store.trail import Entry

router = APIRouter(prefix="/api/v1", tags=["cases"])

EVENT_ROWS = 100


class CaseAsk(BaseModel):
    """What a list of cases is narrowed to; ``status`` ``all`` narrows nothing, open cases are the default."""

    status: str = Field("open", max_length=20)
    stage: str = Field("", max_length=40)
    colour: str = Field("", max_length=10)
    territory: str = Field("", max_length=12)
    number: str = Field("", max_length=40)
    overdue: bool = False
    order: Order = Order.URGENT
    after: str = Field("", max_length=400)

    def as_typed(self) -> dict[str, str]:
        """The same as the page's query string has it."""
        given = self.model_dump(mode="json", exclude={"overdue"})
        return {**given, "overdue": "yes" if self.overdue else ""}


class ItemOut(BaseModel):
    """A piece of work 事项. ``outcomes``: how the person asking may end it now; ``may``: the other verbs."""

    id: str
    task: str
    title: str
    stage: str
    status: ItemStatus
    territory: str
    roles: list[str]
    attempt: int
    held: bool
    mine: bool
    claimed: bool
    opened_at: datetime
    due_at: datetime | None
    statutory: bool
    done_at: datetime | None
    outcome: str
    outcomes: list[str]
    may: list[str]


class ClockOut(BaseModel):
    """A time limit 时限, statutory or the office's own target. ``may``: what the person asking may do with it."""

    id: str
    item: str
    rule: str
    title: str
    kind: str
    statutory: bool
    basis: str
    status: str
    start_at: datetime
    due_at: datetime
    overdue: bool
    provisional: bool
    extensions: int
    extendable: int
    stop_reasons: list[str]
    stops: list[dict[str, str | None]]
    met_at: datetime | None
    breached_at: datetime | None
    detected_at: datetime | None
    may: list[str]


class CaseSheetOut(BaseModel):
    """One case with everything about its course; no word about a person is in it."""

    case: CaseOut
    items: list[ItemOut]
    clocks: list[ClockOut]
    startable: list[str]
    joined: list[UUID]
    suggested_links: int
    pending_submissions: int


class EventOut(BaseModel):
    """One line of a case's history; ``act`` is the submission behind it."""

    model_config = ConfigDict(from_attributes=True)

    rev: int
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    role: str
    item: str
    task: str
    clock: str
    outcome: str
    act: str
    codes: dict[str, Any]


class EventPage(BaseModel):
    """A page of the history, latest first."""

    items: list[EventOut]
    after: str


@router.get("/cases", summary="The cases the post may read")
async def list_cases(desk: ApiDesk, asked: Annotated[CaseAsk, Query()]) -> CasePage:
    """A page of 50 lines."""
    page, count = await case_page(desk, read_query(desk, asked.as_typed()))
    return CasePage(items=[case_out(desk, view) for view in page.rows], count=count.shown, after=page.after)


@router.get("/cases/{case_id}", summary="One case", responses={404: {"description": "None, or out of reach"}})
async def get_case(case_id: CaseId, desk: ApiDesk) -> CaseSheetOut:
    """That it was read is written down before it is answered."""
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    await desk.note(Entry("case.read", "case", str(case_id)))
    offered = offers(work.asker)
    return CaseSheetOut(
        case=case_out(desk, work.view),
        items=[_item(desk, work, row, offered.items.get(row.id)) for row in work.items],
        clocks=[_clock(desk, row, offered.clocks.get(row.id)) for row in work.clocks],
        startable=[task.key for task in offered.start] if work.view.status is CaseStatus.OPEN else [],
        joined=list(work.signals.joined),
        suggested_links=work.signals.suggested,
        pending_submissions=work.signals.pending,
    )


@router.get("/cases/{case_id}/events", summary="The history of a case, latest first")
async def get_events(case_id: CaseId, desk: ApiDesk, after: Annotated[str, Query(max_length=400)] = "") -> EventPage:
    """A page of 100 lines."""
    async with desk.backend.db.read() as tx:
        if await case_head(tx, desk.actor, case_id) is None:
            raise Problem(404)
        page = await events(tx, case_id, limit=EVENT_ROWS, after=checked_place(after, *EVENT_PLACE))
    await desk.note(Entry("case.read", "case", str(case_id)))
    return EventPage(items=[EventOut.model_validate(event) for event in page.rows], after=page.after)


def _verbs(offer: object) -> list[str]:
    """The verbs an offer allows, by name."""
    names = ("claim", "release", "hold", "resume", "extend", "restart")
    return [name for name in names if getattr(offer, name, False)]


def _item(desk: Desk, work: CaseWork, row: WorkItem, offer: object) -> ItemOut:
    task = work.task_of(row)
    live = row.status == ItemStatus.OPEN and offer is not None
    return ItemOut(
        id=row.id,
        task=row.task,
        title=spoken(desk.language, task_title(work.process, row.task)),
        stage=row.stage,
        status=ItemStatus(row.status),
        territory=row.territory,
        roles=row.roles,
        attempt=row.attempt,
        held=row.held,
        mine=str(row.holder) == desk.actor.person,
        claimed=row.holder is not None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        statutory=row.statutory,
        done_at=row.done_at,
        outcome=row.outcome,
        outcomes=[o.key for o in task.outcomes if work.asker.outcome_refused(row.id, o) is None] if live else [],
        may=_verbs(offer),
    )


def _clock(desk: Desk, row: Clock, offer: object) -> ClockOut:
    rule = rule_of(desk.backend.book, row.rule)
    stoppable = ["stop"] if getattr(offer, "reasons", ()) else []
    return ClockOut(
        title=rule.title if rule else row.rule,
        basis=basis_words(rule) if rule else "",
        overdue=row.status == "running" and row.kind == "limit" and row.due_at <= desk.now,
        may=_verbs(offer) + stoppable,
        **{name: getattr(row, name) for name in _SAME},
    )


_SAME = set(ClockOut.model_fields) - {"title", "basis", "overdue", "may"}
