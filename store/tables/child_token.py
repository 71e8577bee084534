"""Blind tokens by which reports of the same child are found."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary, Id


class ChildToken(Table, table=True):
    """A keyed hash of something said about the child (a name key, a birth day with a name key, a place …)."""

    __tablename__ = "child_token"
    __table_args__ = (Index(None, "kind", "token"),)

    report_id: UUID = Field(sa_type=Id, primary_key=True, foreign_key="report.id")
    kind: str = Field(primary_key=True)
    token: bytes = Field(sa_type=Binary, primary_key=True)
    case_id: UUID = Field(sa_type=Id, index=True)
