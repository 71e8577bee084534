"""My tasks: the open work of a post, most urgent legal time first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, select, true, tuple_
from sqlalchemy import cast as sql_cast
from sqlmodel import col

from domain.acts import Actor
from store.database import Tx
from store.paging import CAP, Count, Page, cut, from_place, to_place
from store.rows import AnyRow, values
from store.scope import work
from store.tables import Case, Clock, WorkItem
from store.trail import as_id
from store.types import UtcDateTime

_NEVER = sql_cast(literal("infinity"), UtcDateTime)


class Whose(StrEnum):
    """The tabs of the task list."""

    MINE = "mine"
    UNCLAIMED = "unclaimed"
    OTHERS = "others"
    WAITING = "waiting"  # on hold: progress stops, time runs


@dataclass(frozen=True, slots=True)
class Work:
    """One line of a task list. ``due_at`` None: no limit runs. ``rule``, ``provisional``: of the nearest limit."""

    case_id: UUID
    number: str
    process: str
    item: str
    task: str
    stage: str
    territory: str
    colour: str | None
    holder: UUID | None
    held: bool
    by_hand: bool
    opened_at: datetime
    due_at: datetime | None
    statutory: bool
    rule: str | None
    provisional: bool
    extensions: int


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a task list is narrowed to; empty fields narrow nothing."""

    stage: str = ""
    task: str = ""
    colour: str = ""
    overdue: bool = False


async def my_tasks(
    tx: Tx,
    actor: Actor,
    whose: Whose | None = None,
    *,
    process: str = "",
    narrow: WorkFilter = WorkFilter(),
    limit: int = 50,
    after: str = "",
) -> Page[Work]:
    """A page of the open work this post may take, overdue first, then by the nearest limit, then what has none.

    ``whose`` None: all tabs together. Raises :class:`~store.paging.BadPlace` for an ``after`` that is none.
    """
    key = (func.coalesce(col(WorkItem.due_at), _NEVER), col(WorkItem.case_id), col(WorkItem.id))
    query = _lines().where(work(actor), _tab(actor, whose), *_narrowed(narrow)).order_by(*key)
    if process:
        query = query.where(col(WorkItem.process) == process)
    if after:
        at, case_id, item = from_place(after, 3)
        query = query.where(tuple_(*key) > tuple_(sql_cast(literal(at), UtcDateTime), as_id(case_id), item))
    rows = (await tx.execute(_with_nearest_limit(query.limit(limit + 1)))).all()
    return cut(rows, limit, lambda row: Work(**values(row)), _place)


async def count_tasks(tx: Tx, actor: Actor) -> dict[Whose, Count]:
    """How many lines each tab has, in one statement."""
    counts = []
    for whose in Whose:
        lines = (
            select(literal(1)).select_from(WorkItem).where(work(actor), _tab(actor, whose)).limit(CAP + 1).subquery()
        )
        counts.append(select(func.count()).select_from(lines).scalar_subquery())
    row = (await tx.execute(select(*counts))).one()
    return {whose: Count(number) for whose, number in zip(Whose, row, strict=True)}


async def overdue_tasks(tx: Tx, actor: Actor) -> Count:
    """How many of them are past their limit now."""
    lines = select(literal(1)).select_from(WorkItem).where(work(actor), col(WorkItem.due_at) < func.now())
    return Count(int(await tx.scalar(select(func.count()).select_from(lines.limit(CAP + 1).subquery())) or 0))


def _place(row: AnyRow) -> str:
    return to_place(row.due_at or "infinity", row.case_id, row.item)


def _narrowed(narrow: WorkFilter) -> list[ColumnElement[bool]]:
    equal = {WorkItem.stage: narrow.stage, WorkItem.task: narrow.task, Case.colour: narrow.colour}
    conditions = [col(column) == value for column, value in equal.items() if value]
    return [*conditions, col(WorkItem.due_at) < func.now()] if narrow.overdue else conditions


def _tab(actor: Actor, whose: Whose | None) -> ColumnElement[bool]:
    me = as_id(actor.person)
    holder, held = col(WorkItem.holder), col(WorkItem.held)
    tabs: dict[Whose | None, ColumnElement[bool]] = {
        None: true(),
        Whose.MINE: and_(not_(held), holder == me),
        Whose.UNCLAIMED: and_(not_(held), holder.is_(None)),
        Whose.OTHERS: and_(not_(held), holder != me),
        Whose.WAITING: held == true(),
    }
    return tabs[whose]


def _lines() -> Select[*tuple[Any, ...]]:
    return select(
        col(WorkItem.case_id),
        col(Case.number),
        col(WorkItem.process),
        col(WorkItem.id).label("item"),
        col(WorkItem.task),
        col(WorkItem.stage),
        col(WorkItem.territory),
        col(Case.colour),
        col(WorkItem.holder),
        col(WorkItem.held),
        col(WorkItem.by_hand),
        col(WorkItem.opened_at),
        col(WorkItem.due_at),
        col(WorkItem.statutory),
    ).join(Case, col(Case.id) == col(WorkItem.case_id))


def _with_nearest_limit(lines: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The lines of one page with the clock each is timed by: looked up for the page, not for the whole list."""
    page = lines.subquery("page")
    nearest = (
        select(col(Clock.rule), col(Clock.provisional), col(Clock.extensions))
        .where(
            col(Clock.case_id) == page.c.case_id,
            col(Clock.item) == page.c.item,
            col(Clock.due_at) == page.c.due_at,
            col(Clock.status) == "running",
        )
        .order_by(col(Clock.statutory).desc(), col(Clock.id))
        .limit(1)
        .lateral("nearest")
    )
    return (
        select(
            *page.c,
            nearest.c.rule,
            func.coalesce(nearest.c.provisional, False).label("provisional"),
            func.coalesce(nearest.c.extensions, 0).label("extensions"),
        )
        .outerjoin(nearest, true())
        .order_by(func.coalesce(page.c.due_at, _NEVER), page.c.case_id, page.c.item)
    )
