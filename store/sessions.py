"""Login sessions: opaque secrets, kept on the server as blind indexes, ended by idleness, age or a person."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlmodel import col

from domain.acts import Actor
from store.crypto import FieldCipher
from store.database import Database, Tx
from store.keys import KeyDomain
from store.tables import LoginSession

# Written at most once a minute: a page with ten requests is one update.
_FIND = """
WITH live AS (
    SELECT s.id_hash, s.person_id, s.post_id, s.csrf_token, s.created_at, s.seen_at, s.absolute_until, p.login,
           p.must_change
    FROM login_session s JOIN person p ON p.id = s.person_id AND p.active
    WHERE s.id_hash = %(id_hash)s AND s.ended_at IS NULL AND now() < s.idle_until AND now() < s.absolute_until
), seen AS (
    UPDATE login_session s SET seen_at = now(), idle_until = now() + (s.idle_until - s.seen_at)
    FROM live WHERE s.id_hash = live.id_hash AND live.seen_at < now() - interval '1 minute'
)
SELECT live.id_hash, live.person_id, live.login, live.must_change, live.csrf_token, live.created_at,
       live.absolute_until, t.id, t.role, t.territory, t.unit_id
FROM live LEFT JOIN post t ON t.id = live.post_id AND t.person_id = live.person_id
    AND (now() AT TIME ZONE 'Asia/Shanghai')::date BETWEEN t.valid_from AND coalesce(t.valid_to, 'infinity')
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: ``secret`` goes into the cookie and is never seen again here; ``csrf_token`` into forms."""

    secret: str
    csrf_token: str
    id_hash: bytes


@dataclass(frozen=True, slots=True)
class SessionView:
    """A live session and the post it acts in: None when none was chosen or the post has ended."""

    id_hash: bytes
    person_id: UUID
    login: str
    must_change: bool
    csrf_token: str
    created_at: datetime
    absolute_until: datetime
    post_id: UUID | None
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A line of a person's list of sessions."""

    id_hash: bytes
    created_at: datetime
    seen_at: datetime


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._cipher = cipher

    async def open(
        self, tx: Tx, person_id: UUID, post_id: UUID | None, *, idle: timedelta, absolute: timedelta
    ) -> Opened:
        """A new session with a new secret, in the caller's transaction (beside its audit row)."""
        secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        opened = Opened(secret, csrf, self._hash(secret))
        await tx.execute(
            insert(LoginSession).values(
                id_hash=opened.id_hash,
                person_id=person_id,
                post_id=post_id,
                csrf_token=csrf,
                created_at=func.now(),
                seen_at=func.now(),
                idle_until=func.now() + idle,
                absolute_until=func.now() + absolute,
            )
        )
        return opened

    async def find(self, secret: str) -> SessionView | None:
        """The live session behind a cookie, kept alive by being found; one statement. None: log in again."""
        async with self._db.statement() as wire:
            found = await wire.execute(_FIND, {"id_hash": self._hash(secret)}, binary=True)
            row = await found.fetchone()
        return _view(row) if row else None

    async def choose_post(self, tx: Tx, id_hash: bytes, post_id: UUID) -> None:
        """Act in another post from the next request on; one that is not the person's is as good as none."""
        await tx.execute(update(LoginSession).where(col(LoginSession.id_hash) == id_hash).values(post_id=post_id))

    async def end(self, tx: Tx, id_hash: bytes) -> None:
        """Log out: the cookie opens nothing any more."""
        live = (col(LoginSession.id_hash) == id_hash, col(LoginSession.ended_at).is_(None))
        await tx.execute(update(LoginSession).where(*live).values(ended_at=func.now()))

    async def end_all(self, tx: Tx, person_id: UUID, keep: bytes = b"") -> int:
        """Log out everywhere, except the session ``keep``; how many were ended."""
        live = (col(LoginSession.person_id) == person_id, col(LoginSession.ended_at).is_(None))
        others = update(LoginSession).where(*live, col(LoginSession.id_hash) != keep).values(ended_at=func.now())
        return (await tx.execute(others)).rowcount

    async def of_person(self, tx: Tx, person_id: UUID) -> list[SessionLine]:
        """A person's live sessions, last seen first."""
        live = text("ended_at IS NULL AND now() < idle_until AND now() < absolute_until")
        query = select(col(LoginSession.id_hash), col(LoginSession.created_at), col(LoginSession.seen_at))
        query = query.where(col(LoginSession.person_id) == person_id, live).order_by(col(LoginSession.seen_at).desc())
        return [SessionLine(row[0], row[1], row[2]) for row in await tx.execute(query)]

    def _hash(self, secret: str) -> bytes:
        return self._cipher.blind("session", secret, KeyDomain.SESSION)


def _view(row: tuple[Any, ...]) -> SessionView:
    id_hash, person_id, login, must_change, csrf, created, until, post_id, role, territory, unit_id = row
    actor = Actor(str(person_id), role, territory, str(unit_id)) if post_id else None
    return SessionView(id_hash, person_id, login, must_change, csrf, created, until, post_id, actor)
