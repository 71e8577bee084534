"""Notices in the in-app inbox of a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from store.tables.naming import Table
from store.types import Id, UtcDateTime


class Notice(Table, table=True):
    """One thing told to one person, once: unique by case, key (clock and rung, or event) and recipient."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "recipient"),
        Index("ix_notice_inbox", "recipient", "created_at", "id"),
        Index("ix_notice_unmailed", "created_at", postgresql_where=text("mailed_at IS NULL")),
    )

    id: UUID = Field(sa_type=Id, primary_key=True)
    case_id: UUID = Field(sa_type=Id)
    key: str
    recipient: UUID = Field(sa_type=Id, foreign_key="person.id")
    clock: str = ""
    item: str = ""
    breach: bool
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mailed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mail_attempts: int = 0
    mail_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
