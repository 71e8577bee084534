"""The working-day calendar the administrator owns."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Id, UtcDateTime


class WorkDay(Table, table=True):
    """A day whose kind an order of the State Council fixed: a holiday, or a make-up workday 调休."""

    __tablename__ = "work_day"

    day: date = Field(primary_key=True)
    is_workday: bool
    name: str
    source: str
    version: str = Field(foreign_key="calendar_version.version")


class CalendarVersion(Table, table=True):
    """One import. ``known_through``: the last day that is certain; due days beyond it are provisional."""

    __tablename__ = "calendar_version"

    version: str = Field(primary_key=True)
    known_through: date
    imported_at: datetime = Field(sa_type=UtcDateTime)
    imported_by: UUID | None = Field(default=None, sa_type=Id)
