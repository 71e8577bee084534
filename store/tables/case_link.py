"""Suggested links between cases that may be about the same child."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from store.tables.naming import Table
from store.types import Id, UtcDateTime, one_of


class LinkState(StrEnum):
    """What an officer has decided; nothing is ever merged without one."""

    SUGGESTED = "suggested"
    DISMISSED = "dismissed"
    MERGED = "merged"


class CaseLink(Table, table=True):
    """Two cases, the smaller id first, so that a pair is one row."""

    __tablename__ = "case_link"
    __table_args__ = (
        one_of("state", LinkState),
        CheckConstraint("case_a < case_b", name="order"),
    )

    case_a: UUID = Field(sa_type=Id, primary_key=True)
    case_b: UUID = Field(sa_type=Id, primary_key=True, index=True)
    strength: str
    state: str = "suggested"
    found_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: UUID | None = Field(default=None, sa_type=Id, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
