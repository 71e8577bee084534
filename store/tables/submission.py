"""Submissions: acts asked of a case, stored before the engine hears of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from domain.acts import AT_ONCE, ActKind
from domain.process import Role
from store.tables.naming import Table
from store.types import Binary, Codes, Id, TerritoryCode, UtcDateTime, code_check, one_of


class SubmissionState(StrEnum):
    """Whether the case has answered: pending 待生效, applied 已生效, refused 未生效."""

    PENDING = "pending"
    APPLIED = "applied"
    REFUSED = "refused"


class Submission(Table, table=True):
    """One act. Its id is the act's id; ``content_enc`` holds the words, ``codes`` what the engine may know."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("person_id", "idem_key"),
        one_of("kind", [kind for kind in ActKind if kind not in AT_ONCE]),
        one_of("state", SubmissionState),
        one_of("role", Role),
        code_check(),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refusal"),
        CheckConstraint("state <> 'applied' OR rev IS NOT NULL", name="rev"),
        Index(None, "case_id", "received_at"),
        Index("ix_submission_pending", "case_id", "received_at", postgresql_where=text("state = 'pending'")),
    )

    id: UUID = Field(sa_type=Id, primary_key=True)
    case_id: UUID = Field(sa_type=Id)
    kind: str
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    reason: str = ""
    other: str = ""
    codes: dict[str, Any] = Field(sa_type=Codes)
    content_enc: bytes | None = Field(default=None, sa_type=Binary)
    person_id: UUID | None = Field(default=None, sa_type=Id, foreign_key="person.id")
    role: str
    territory: str = Field(sa_type=TerritoryCode)
    unit_id: UUID | None = Field(default=None, sa_type=Id)
    idem_key: str
    body_hash: bytes = Field(sa_type=Binary)
    received_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "pending"
    refusal: dict[str, Any] | None = Field(default=None, sa_type=Codes)
    rev: int | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
