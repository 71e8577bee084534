"""Cases and their history, as projected from the engine."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Sequence
from sqlmodel import Field

from domain.state import CaseStatus
from domain.triage import Colour
from store.tables.naming import Table
from store.types import Codes, Id, TerritoryCode, Texts, UtcDateTime, code_check, one_of

CASE_NUMBER = Sequence("case_number_seq", metadata=Table.metadata)


class Case(Table, table=True):
    """A case 个案 as its workflow last told. ``involved``: roles that have or ever had an item in it.

    ``next_due_at``: the nearest running limit of its open items; overdue is this against now, never a stored flag.
    """

    __tablename__ = "cases"
    __table_args__ = (
        code_check(),
        one_of("status", CaseStatus),
        one_of("colour", Colour),
        CheckConstraint("(status = 'closed') <= (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("rev >= 0 AND round >= 1 AND hops >= 0", name="counts"),
        Index(None, "territory", "opened_at", "id"),
        Index("ix_cases_due", "next_due_at", "id"),
    )

    id: UUID = Field(sa_type=Id, primary_key=True)
    number: str = Field(unique=True)
    process: str
    version: int
    territory: str = Field(sa_type=TerritoryCode)
    county: str = Field(sa_type=TerritoryCode, index=True)
    status: str
    stage: str
    round: int
    colour: str | None = None
    hops: int
    merged_into: UUID | None = Field(default=None, sa_type=Id)
    facts: dict[str, Any] = Field(sa_type=Codes)
    involved: list[str] = Field(sa_type=Texts)
    rev: int
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseEvent(Table, table=True):
    """One line of a case's history; written once per (case, rev, seq), never changed."""

    __tablename__ = "case_event"

    case_id: UUID = Field(sa_type=Id, primary_key=True)
    rev: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    person_id: UUID | None = Field(default=None, sa_type=Id)
    role: str = ""
    unit_id: UUID | None = Field(default=None, sa_type=Id)
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    act: str = ""
    codes: dict[str, Any] = Field(sa_type=Codes)
