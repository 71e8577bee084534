"""Work items of cases, as projected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from domain.state import ItemStatus
from store.tables.naming import Table
from store.types import Codes, Id, TerritoryCode, Texts, UtcDateTime, code_check, one_of


class WorkItem(Table, table=True):
    """A piece of work 事项. ``due_at``/``statutory``: its nearest running limit; ``rev``: the projection it is from."""

    __tablename__ = "work_item"
    __table_args__ = (
        code_check(),
        one_of("status", ItemStatus),
        Index("ix_work_item_open", "territory", "due_at", postgresql_where=text("status = 'open'")),
        Index("ix_work_item_holder", "holder", "due_at", postgresql_where=text("status = 'open'")),
    )

    case_id: UUID = Field(sa_type=Id, primary_key=True)
    id: str = Field(primary_key=True)
    process: str
    task: str
    round: int
    tag: str = ""
    attempt: int = 1
    stage: str
    status: str
    held: bool
    territory: str = Field(sa_type=TerritoryCode)
    roles: list[str] = Field(sa_type=Texts)
    holder: UUID | None = Field(default=None, sa_type=Id)
    holder_unit: UUID | None = Field(default=None, sa_type=Id)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: UUID | None = Field(default=None, sa_type=Id)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    statutory: bool = False
    outcome: str = ""
    by_hand: bool = False
    subject: str = ""
    codes: dict[str, Any] = Field(sa_type=Codes)
    starts: dict[str, Any] = Field(sa_type=Codes)
    rev: int
