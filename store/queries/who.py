"""Who stands behind the ids on a page: people and their offices by name, one statement however many there are."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from store.crypto import FieldCipher
from store.database import Tx
from store.queries.people import contact_place

_WHO = text(
    """
    SELECT id, name_enc AS sealed, NULL AS name FROM person WHERE id = ANY(:people)
    UNION ALL
    SELECT id, NULL, name FROM unit WHERE id = ANY(:units)
    """
)
_HELD_SINCE = text(
    """
    SELECT at FROM case_event
    WHERE case_id = :case_id AND item = :item AND kind = 'item.claimed' ORDER BY rev DESC, seq DESC LIMIT 1
    """
)


@dataclass(frozen=True, slots=True)
class Who:
    """Names of people and of units by id; an id that is unknown is missing."""

    names: dict[UUID, str] = field(default_factory=dict)
    units: dict[UUID, str] = field(default_factory=dict)


async def who_is(tx: Tx, cipher: FieldCipher, people: Collection[UUID | None], units: Collection[UUID | None]) -> Who:
    """The names behind these ids; None among them is nobody."""
    wanted = {"people": sorted({p for p in people if p}), "units": sorted({u for u in units if u})}
    if not wanted["people"] and not wanted["units"]:
        return Who()
    who = Who()
    for row in await tx.execute(_WHO, wanted):
        if row.sealed is None:
            who.units[row.id] = row.name
        else:
            who.names[row.id] = cipher.open_text(contact_place(row.id, "name_enc"), row.sealed)
    return who


async def held_since(tx: Tx, case_id: UUID, item: str) -> datetime | None:
    """When the present holder of an item took it."""
    row = (await tx.execute(_HELD_SINCE, {"case_id": case_id, "item": item})).one_or_none()
    at: datetime | None = row.at if row else None
    return at
