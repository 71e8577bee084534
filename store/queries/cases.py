"""Cases: lists, one case, and what its page shows. Lists and look-ups are scoped by the actor's post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy import cast as sql_cast
from sqlmodel import col

from domain.acts import Actor
from domain.state import CaseStatus
from store import scope
from store.database import Tx
from store.paging import CAP, Count, Page, cut, from_place, to_place
from store.rows import AnyRow, columns_for, values
from store.tables import Case
from store.types import Id, UtcDateTime

_NEVER = sql_cast(literal("infinity"), UtcDateTime)


class Order(StrEnum):
    """How a list of cases is sorted."""

    URGENT = "urgent"  # nearest running limit first
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to; empty fields narrow nothing. ``territory``: a code within the post's own."""

    status: CaseStatus | None = None
    stage: str = ""
    colour: str = ""
    territory: str = ""
    process: str = ""
    number: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as lists and its page show it. ``next_due_at``: the nearest running limit; before now it is overdue."""

    id: UUID
    number: str
    process: str
    version: int
    territory: str
    county: str
    status: CaseStatus
    stage: str
    round: int
    colour: str | None
    hops: int
    merged_into: UUID | None
    facts: dict[str, str]
    involved: tuple[str, ...]
    rev: int
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    next_due_at: datetime | None


async def list_cases(
    tx: Tx,
    actor: Actor,
    narrow: CaseFilter = CaseFilter(),
    *,
    order: Order = Order.URGENT,
    limit: int = 50,
    after: str = "",
) -> Page[CaseView]:
    """A page of the cases this post may read. Raises :class:`~store.paging.BadPlace`."""
    due = func.coalesce(col(Case.next_due_at), _NEVER)
    at = due if order is Order.URGENT else col(Case.opened_at)
    case_id = col(Case.id)
    query = _select().where(scope.cases(actor), *_conditions(narrow)).limit(limit + 1)
    if after:
        instant, last = from_place(after, 2)
        place = tuple_(sql_cast(literal(instant), UtcDateTime), sql_cast(literal(last), Id))
        key = tuple_(at, case_id)
        query = query.where(key > place if order is Order.URGENT else key < place)
    query = query.order_by(at, case_id) if order is Order.URGENT else query.order_by(at.desc(), case_id.desc())
    rows = (await tx.execute(query)).all()
    return cut(rows, limit, _view, lambda row: to_place(_at(row, order), row.id))


async def count_cases(tx: Tx, actor: Actor, narrow: CaseFilter = CaseFilter()) -> Count:
    """How many there are, counted no further than a page can use."""
    lines = select(literal(1)).select_from(Case).where(scope.cases(actor), *_conditions(narrow)).limit(CAP + 1)
    return Count(int(await tx.scalar(select(func.count()).select_from(lines.subquery())) or 0))


async def get_case(tx: Tx, actor: Actor, case_id: UUID) -> CaseView | None:
    """The case, None when there is none or the post may not know of it: the two are not told apart."""
    row = (await tx.execute(_select().where(scope.cases(actor), col(Case.id) == case_id))).one_or_none()
    return _view(row) if row else None


async def get_case_by_number(tx: Tx, actor: Actor, number: str) -> CaseView | None:
    """Like :func:`get_case`, by the number people use."""
    row = (await tx.execute(_select().where(scope.cases(actor), col(Case.number) == number.strip()))).one_or_none()
    return _view(row) if row else None


async def get_cases(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, CaseView]:
    """Those of the cases the post may read, by id; one statement however many there are."""
    if not ids:
        return {}
    rows = await tx.execute(_select().where(scope.cases(actor), col(Case.id).in_(ids)))
    return {row.id: _view(row) for row in rows}


async def board(tx: Tx, actor: Actor) -> list[tuple[str, str, int, int]]:
    """Of the post's open cases: county, stage, how many, how many of them past a limit now."""
    overdue = func.count().filter(col(Case.next_due_at) < func.now())
    query = (
        select(col(Case.county), col(Case.stage), func.count(), overdue)
        .where(scope.cases(actor), col(Case.status) == CaseStatus.OPEN)
        .group_by(col(Case.county), col(Case.stage))
        .order_by(col(Case.county), col(Case.stage))
    )
    return [(row[0], row[1], row[2], row[3]) for row in await tx.execute(query)]


def _select() -> Select[*tuple[Any, ...]]:
    return select(*columns_for(CaseView, Case))


def _conditions(narrow: CaseFilter) -> list[ColumnElement[bool]]:
    equal = {
        Case.status: narrow.status,
        Case.stage: narrow.stage,
        Case.colour: narrow.colour,
        Case.process: narrow.process,
        Case.number: narrow.number.strip(),
    }
    conditions = [col(column) == value for column, value in equal.items() if value]
    if narrow.territory:
        conditions.append(scope.within(col(Case.territory), narrow.territory))
    if narrow.overdue:
        conditions.append(col(Case.next_due_at) < func.now())
    return conditions


def _at(row: AnyRow, order: Order) -> object:
    return (row.next_due_at or "infinity") if order is Order.URGENT else row.opened_at


def _view(row: AnyRow) -> CaseView:
    fields = values(row) | {"status": CaseStatus(row.status), "involved": tuple(row.involved)}
    return CaseView(**fields)
