"""The outbox: what the relay still has to hand to the engine."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlmodel import Field

from store.tables.naming import Table
from store.types import Id, UtcDateTime, one_of


class OutboxKind(StrEnum):
    """What a row asks the relay for."""

    START = "start"  # ref_id is a report: start its case
    ACT = "act"  # ref_id is a submission: send it to its case


class Outbox(Table, table=True):
    """One hand-over. ``due_first`` = the received instant: oldest first, and rows of one case strictly in order.

    ``last_error`` holds a code, never a message. ``done_at`` is null until the engine has it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("kind", OutboxKind),
        Index("ix_outbox_due", "due_first", "id", postgresql_where=text("done_at IS NULL")),
        Index("ix_outbox_case", "case_id", "due_first", "id", postgresql_where=text("done_at IS NULL")),
    )

    id: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=[Identity(always=True)], primary_key=True)
    kind: str
    case_id: UUID = Field(sa_type=Id)
    ref_id: UUID = Field(sa_type=Id, unique=True)
    due_first: datetime = Field(sa_type=UtcDateTime)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    next_try_at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"server_default": text("now()")})
    last_error: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
