"""People, their posts and their units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlmodel import col

from domain.acts import Actor
from domain.process import Role
from store.crypto import FieldCipher, Place
from store.database import Tx
from store.keys import KeyDomain
from store.rows import AnyRow, columns_for, values
from store.tables import Person, Post, Unit


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against. An inactive person's login fails like a wrong password."""

    id: UUID
    password_hash: str
    active: bool
    must_change: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """A post in force."""

    id: UUID
    person_id: UUID
    role: Role
    territory: str
    unit_id: UUID
    unit_name: str

    @property
    def actor(self) -> Actor:
        """Who acts in this post."""
        return Actor(str(self.person_id), self.role.value, self.territory, str(self.unit_id))


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as pages show it."""

    id: UUID
    name: str
    kind: str
    territory: str


def contact_place(person_id: UUID, column: str) -> Place:
    """Where a sealed name, phone or mail address of a person stands."""
    return Place(KeyDomain.PERSON, person_id, "person", person_id, column)


def unit_link_hash(cipher: FieldCipher, secret: str) -> bytes:
    """The blind index under which the secret of a unit's QR link is kept."""
    return cipher.blind("unit-link", secret, KeyDomain.LOOKUP)


async def find_login(tx: Tx, login: str) -> Credentials | None:
    """The credentials behind a login name; callers check a dummy hash when there are none, to take the same time."""
    known = col(Person.login) == login.strip().lower()
    query = select(*columns_for(Credentials, Person)).where(known)
    row = (await tx.execute(query)).one_or_none()
    return Credentials(**values(row)) if row else None


async def set_password_hash(tx: Tx, person_id: UUID, password_hash: str, *, must_change: bool = False) -> None:
    """A new password, or the same one hashed with newer parameters."""
    changed = {"password_hash": password_hash, "must_change": must_change}
    await tx.execute(update(Person).where(col(Person.id) == person_id).values(changed))


def in_force(on: date) -> ColumnElement[bool]:
    """The condition that a post is in force on a day in China."""
    until = col(Post.valid_to)
    return and_(col(Post.valid_from) <= on, or_(until.is_(None), until >= on))


async def posts(tx: Tx, person_id: UUID, on: date) -> list[PostView]:
    """The posts a person holds on that day (Asia/Shanghai), the longest held first."""
    query: Select[*tuple[Any, ...]] = (
        select(
            col(Post.id), col(Post.person_id), col(Post.role), col(Post.territory), col(Post.unit_id),
            col(Unit.name).label("unit_name"),
        )
        .join(Unit, col(Unit.id) == col(Post.unit_id))
        .where(col(Post.person_id) == person_id, in_force(on))
        .order_by(col(Post.valid_from), col(Post.id))
    )  # fmt: skip
    return [_post(row) for row in await tx.execute(query)]


async def names(tx: Tx, cipher: FieldCipher, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of people, for pages that say who holds what; one statement however many there are."""
    if not ids:
        return {}
    query = select(col(Person.id), col(Person.name_enc)).where(col(Person.id).in_(ids))
    return {
        row.id: cipher.open_text(contact_place(row.id, "name_enc"), row.name_enc) for row in await tx.execute(query)
    }


async def units(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UnitView]:
    """Units by id; one statement however many there are."""
    if not ids:
        return {}
    query = select(*columns_for(UnitView, Unit)).where(col(Unit.id).in_(ids))
    return {row.id: UnitView(**values(row)) for row in await tx.execute(query)}


async def unit_of_link(tx: Tx, cipher: FieldCipher, secret: str) -> UnitView | None:
    """The active unit whose QR link carries this secret."""
    known = col(Unit.link_hash) == unit_link_hash(cipher, secret)
    row = (await tx.execute(select(*columns_for(UnitView, Unit)).where(known, col(Unit.active)))).one_or_none()
    return UnitView(**values(row)) if row else None


def _post(row: AnyRow) -> PostView:
    fields: dict[str, Any] = values(row) | {"role": Role(row.role)}
    return PostView(**fields)
