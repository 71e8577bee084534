"""Clocks of work items, as projected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from domain.state import ClockStatus
from store.tables.naming import Table
from store.types import Codes, Id, Texts, UtcDateTime, one_of


class Clock(Table, table=True):
    """A time limit 时限 of an item. ``rule`` is ``key@effective_from``; ``breached_at`` the true due instant missed."""

    __tablename__ = "clock"
    __table_args__ = (
        one_of("kind", ("limit", "wait")),
        one_of("status", ClockStatus),
        CheckConstraint("detected_at IS NULL OR breached_at IS NOT NULL", name="breach"),
        Index("ix_clock_item", "case_id", "item"),
        Index("ix_clock_running", "due_at", postgresql_where=text("status = 'running'")),
    )

    case_id: UUID = Field(sa_type=Id, primary_key=True)
    id: str = Field(primary_key=True)
    item: str
    rule: str
    kind: str
    statutory: bool
    start_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    status: str
    provisional: bool
    calendar_version: str
    extensions: int
    extendable: int
    stop_reasons: list[str] = Field(sa_type=Texts)
    stops: list[dict[str, Any]] = Field(sa_type=Codes)
    next_rung_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    breached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rev: int
