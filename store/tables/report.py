"""Reports and, apart from them, who reported."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from domain.triage import AgeBand, Care, Colour, Danger, Situation
from store.tables.naming import Table
from store.types import Binary, Id, TerritoryCode, UtcDateTime, code_check, one_of


class Report(Table, table=True):
    """A report 报告 as it was received. ``content_enc`` is the form as JSON, sealed with the key of its case.

    ``received_at`` is the legal start of every clock. ``idem_scope``/``idem_key``/``body_hash``: the same key with the
    same body is the same report. ``omission``: somebody who had to report earlier did not. ``feedback_code``: what the
    reporter has been told, neutral words only.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("idem_scope", "idem_key"),
        code_check(),
        one_of("situation", Situation),
        one_of("danger", Danger),
        one_of("age_band", AgeBand),
        one_of("care", Care),
        one_of("colour", Colour),
        Index("ix_report_filed_by", "person_id", "received_at", postgresql_where=text("person_id IS NOT NULL")),
        CheckConstraint("receipt <> ''", name="receipt"),
        CheckConstraint("discovered_at <= received_at", name="discovered_at"),
    )

    id: UUID = Field(sa_type=Id, primary_key=True)
    receipt: str = Field(unique=True)
    idem_scope: str
    idem_key: str
    body_hash: bytes = Field(sa_type=Binary)
    received_at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"server_default": text("now()")}, index=True)
    discovered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    territory: str = Field(sa_type=TerritoryCode, index=True)
    situation: str
    danger: str
    age_band: str
    care: str
    colour: str
    triage_row: str
    police_told: bool
    omission: bool
    unit_id: UUID | None = Field(default=None, sa_type=Id, foreign_key="unit.id")
    person_id: UUID | None = Field(default=None, sa_type=Id, foreign_key="person.id")
    content_enc: bytes = Field(sa_type=Binary)
    case_id: UUID = Field(sa_type=Id, index=True)
    feedback_code: str | None = None
    feedback_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Reporter(Table, table=True):
    """Who reported, sealed under the ``reporter`` keys: readable to fewer people than the report is."""

    __tablename__ = "reporter"

    report_id: UUID = Field(sa_type=Id, primary_key=True, foreign_key="report.id")
    identity_enc: bytes = Field(sa_type=Binary)
    keep_secret: bool
