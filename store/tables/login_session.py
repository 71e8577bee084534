"""Login sessions, kept on the server."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary, Id, UtcDateTime


class LoginSession(Table, table=True):
    """One login. The cookie holds the secret, this row only its blind index: a stolen table opens no session."""

    __tablename__ = "login_session"

    id_hash: bytes = Field(sa_type=Binary, primary_key=True)
    person_id: UUID = Field(sa_type=Id, foreign_key="person.id", index=True)
    post_id: UUID | None = Field(default=None, sa_type=Id, foreign_key="post.id")
    csrf_token: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    idle_until: datetime = Field(sa_type=UtcDateTime)
    absolute_until: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
