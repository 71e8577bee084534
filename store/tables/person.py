"""People and the posts they hold."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from domain.process import Role
from store.tables.naming import Table
from store.types import Binary, Id, TerritoryCode, UtcDateTime, code_check, one_of


class Person(Table, table=True):
    """Someone who can log in. Name, phone and e-mail are sealed; the login is no personal name."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("login = lower(login) AND login <> ''", name="login"),)

    id: UUID = Field(sa_type=Id, primary_key=True)
    login: str = Field(unique=True)
    password_hash: str
    name_enc: bytes = Field(sa_type=Binary)
    phone_enc: bytes | None = Field(default=None, sa_type=Binary)
    email_enc: bytes | None = Field(default=None, sa_type=Binary)
    active: bool = True
    must_change: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class Post(Table, table=True):
    """A person's role in a unit over a territory, for a time: what decides every read and act."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("role", [role for role in Role if role is not Role.SYSTEM]),
        code_check(),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid"),
        Index(None, "role", "territory"),
    )

    id: UUID = Field(sa_type=Id, primary_key=True)
    person_id: UUID = Field(sa_type=Id, foreign_key="person.id", index=True)
    role: str
    unit_id: UUID = Field(sa_type=Id, foreign_key="unit.id", index=True)
    territory: str = Field(sa_type=TerritoryCode)
    valid_from: date
    valid_to: date | None = None  # inclusive
