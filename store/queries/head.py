"""What the head of every working page shows, in one statement."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from store.crypto import FieldCipher
from store.database import Tx
from store.paging import CAP
from store.queries.people import contact_place

_HEAD = text(
    """
    SELECT p.name_enc, t.role, u.name AS unit_name,
           (SELECT count(*) FROM (
               SELECT 1 FROM notice n WHERE n.recipient = p.id AND n.read_at IS NULL LIMIT :cap
           ) AS unread) AS unread
    FROM person p LEFT JOIN post t ON t.id = :post_id AND t.person_id = p.id LEFT JOIN unit u ON u.id = t.unit_id
    WHERE p.id = :person_id
    """
)


@dataclass(frozen=True, slots=True)
class Head:
    """A person's name, the role and unit of the post they act in ("" without one), and unread notices."""

    name: str
    role: str
    unit_name: str
    unread: int


async def page_head(tx: Tx, cipher: FieldCipher, person_id: UUID, post_id: UUID | None) -> Head:
    """The head for a person who is logged in; unread notices are counted no further than a thousand."""
    given = {"person_id": person_id, "post_id": post_id, "cap": CAP + 1}
    row = (await tx.execute(_HEAD, given)).one()
    name = cipher.open_text(contact_place(person_id, "name_enc"), row.name_enc)
    return Head(name, row.role or "", row.unit_name or "", row.unread)
