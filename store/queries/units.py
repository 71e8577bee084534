"""Units for their administrator: the list, and the link by which a unit reports without a login."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlmodel import col

from domain.acts import Actor
from store.crypto import FieldCipher
from store.database import Tx
from store.paging import Page, cut, from_place, to_place
from store.queries.people import unit_link_hash
from store.rows import AnyRow
from store.scope import within
from store.tables import Unit
from store.trail import Entry, Trace, record

_SECRET_BYTES = 18


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A line of the list. ``linked``: it has a reporting link; the link itself is kept nowhere."""

    id: UUID
    name: str
    kind: str
    territory: str
    linked: bool


_COLUMNS = (col(Unit.id), col(Unit.name), col(Unit.kind), col(Unit.territory), col(Unit.link_hash))


async def list_units(tx: Tx, territory: str, *, search: str = "", limit: int = 50, after: str = "") -> Page[UnitLine]:
    """The active units in ``territory`` by place and name; ``search``: a part of the name. Raises BadPlace."""
    query = select(*_COLUMNS).where(col(Unit.active), within(col(Unit.territory), territory))
    if search:
        query = query.where(col(Unit.name).contains(search, autoescape=True))
    if after:
        place, name, id_ = from_place(after, 3)
        key = tuple_(col(Unit.territory), col(Unit.name), col(Unit.id))
        query = query.where(key > tuple_(place, name, UUID(id_)))
    query = query.order_by(col(Unit.territory), col(Unit.name), col(Unit.id)).limit(limit + 1)
    rows = (await tx.execute(query)).all()
    return cut(rows, limit, _line, lambda row: to_place(row.territory, row.name, row.id))


async def get_unit(tx: Tx, territory: str, unit_id: UUID) -> UnitLine | None:
    """One active unit in ``territory``."""
    query = select(*_COLUMNS).where(col(Unit.active), within(col(Unit.territory), territory), col(Unit.id) == unit_id)
    row = (await tx.execute(query)).one_or_none()
    return _line(row) if row else None


async def renew_link(tx: Tx, cipher: FieldCipher, unit_id: UUID, actor: Actor, trace: Trace) -> str:
    """A new secret for the unit's link, given out this once; the old one opens nothing any more. Audited."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    await _set(tx, unit_id, unit_link_hash(cipher, secret))
    await record(tx, Entry("unit.link_renewed", "unit", str(unit_id)), actor, trace)
    return secret


async def revoke_link(tx: Tx, unit_id: UUID, actor: Actor, trace: Trace) -> None:
    """The unit's link opens nothing any more. Audited."""
    await _set(tx, unit_id, None)
    await record(tx, Entry("unit.link_revoked", "unit", str(unit_id)), actor, trace)


async def _set(tx: Tx, unit_id: UUID, link_hash: bytes | None) -> None:
    await tx.execute(update(Unit).where(col(Unit.id) == unit_id).values(link_hash=link_hash))


def _line(row: AnyRow) -> UnitLine:
    return UnitLine(row.id, row.name, row.kind, row.territory, row.link_hash is not None)
