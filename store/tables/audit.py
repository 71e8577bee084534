"""The audit trail: append-only, held by a trigger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary, Id, UtcDateTime


class Audit(Table, table=True):
    """Who did or saw what, when, why, with which result. No personal data: ids and codes only."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "person_id", "seq"))

    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=[Identity(always=True)], primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"server_default": text("clock_timestamp()")})
    person_id: UUID | None = Field(default=None, sa_type=Id)
    role: str = Field(default="", sa_column_kwargs={"server_default": ""})
    territory: str = Field(default="", sa_column_kwargs={"server_default": ""})
    session_hash: bytes | None = Field(default=None, sa_type=Binary)
    action: str
    object_kind: str
    object_id: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    result: str
    request_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
