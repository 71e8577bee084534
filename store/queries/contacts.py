"""A person's own name and telephone, for forms that they fill in themselves."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from store.crypto import FieldCipher
from store.database import Tx
from store.queries.people import contact_place
from store.tables import Person


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person; ``phone`` empty when none is known."""

    name: str
    phone: str


async def contact(tx: Tx, cipher: FieldCipher, person_id: UUID) -> Contact:
    """The contact of a person; raises NoResultFound for an unknown id."""
    query = select(col(Person.name_enc), col(Person.phone_enc)).where(col(Person.id) == person_id)
    row = (await tx.execute(query)).one()
    name = cipher.open_text(contact_place(person_id, "name_enc"), row.name_enc)
    phone = cipher.open_text(contact_place(person_id, "phone_enc"), row.phone_enc) if row.phone_enc else ""
    return Contact(name, phone)
