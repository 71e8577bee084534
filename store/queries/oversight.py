"""What an administrator looks after: people and their posts, the calendar in force, what is stuck."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from store.crypto import FieldCipher
from store.database import Tx
from store.paging import Page, cut, from_place, to_place
from store.queries.people import contact_place
from store.rows import AnyRow

_STAFF = text(
    """
    SELECT t.id, p.id AS person_id, p.login, p.name_enc, p.active, t.role, t.territory, u.name AS unit_name,
           t.valid_from, t.valid_to
    FROM post t JOIN person p ON p.id = t.person_id JOIN unit u ON u.id = t.unit_id
    WHERE t.territory LIKE :within AND (p.login, t.id) > (:login, :post)
    ORDER BY p.login, t.id LIMIT :most
    """
)
_CALENDAR = text(
    """
    SELECT version, known_through, imported_at,
           (SELECT count(*) FROM clock WHERE provisional AND status IN ('running', 'stopped')) AS provisional
    FROM calendar_version ORDER BY imported_at DESC, known_through DESC LIMIT 1
    """
)
_STUCK = text(
    """
    SELECT
        (SELECT count(*) FROM report r WHERE r.received_at < now() - interval '5 minutes'
             AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = r.case_id)) AS unborn,
        (SELECT count(*) FROM submission WHERE state = 'pending') AS pending,
        (SELECT min(received_at) FROM submission WHERE state = 'pending') AS oldest_pending,
        (SELECT count(*) FROM notice WHERE mailed_at IS NULL AND mail_attempts >= 10) AS unmailed
    """
)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A post and who holds it; ``valid_to`` is inclusive."""

    person_id: UUID
    login: str
    name: str
    active: bool
    role: str
    territory: str
    unit_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """The calendar in force; ``provisional``: live clocks whose due instant it could only guess."""

    version: str
    known_through: date
    imported_at: datetime
    provisional: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """Reports without a case for five minutes, submissions without an answer, mail given up."""

    unborn: int
    pending: int
    oldest_pending: datetime | None
    unmailed: int


async def staff(tx: Tx, cipher: FieldCipher, territory: str, *, limit: int = 50, after: str = "") -> Page[StaffLine]:
    """The posts of a territory by login. Needs ``Verb.MANAGE_PEOPLE``; audit it."""
    login, post = from_place(after, 2) if after else ("", str(_NOBODY))
    given = {"within": f"{territory}%", "login": login, "post": UUID(post), "most": limit + 1}
    rows = (await tx.execute(_STAFF, given)).all()
    return cut(rows, limit, lambda row: _staff(row, cipher), lambda row: to_place(row.login, row.id))


def _staff(row: AnyRow, cipher: FieldCipher) -> StaffLine:
    return StaffLine(
        person_id=row.person_id,
        login=row.login,
        name=cipher.open_text(contact_place(row.person_id, "name_enc"), row.name_enc),
        active=row.active,
        role=row.role,
        territory=row.territory,
        unit_name=row.unit_name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


async def calendar_status(tx: Tx) -> CalendarStatus | None:
    """The calendar in force, None before the first import."""
    row = (await tx.execute(_CALENDAR)).one_or_none()
    return CalendarStatus(row.version, row.known_through, row.imported_at, row.provisional) if row else None


async def stuck(tx: Tx) -> Stuck:
    """What has not got where it should."""
    row = (await tx.execute(_STUCK)).one()
    return Stuck(row.unborn, row.pending, row.oldest_pending, row.unmailed)
