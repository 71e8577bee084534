"""What a fresh database starts with: the working-day calendar and, for a demonstration, people of every role."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from pwdlib import PasswordHash
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from domain.calendar import seed_calendar
from store.canary import check_keys
from store.crypto import FieldCipher
from store.database import Database, Tx
from store.demo import DEMO_LOGINS, DEMO_PASSWORD, DemoLogin
from store.keys import Keyring
from store.queries.calendar import import_calendar, load_calendar
from store.queries.people import contact_place, unit_link_hash
from store.tables import Person, Post, Unit

__all__ = ["DEMO_LOGINS", "DEMO_PASSWORD", "DemoLogin", "seed"]

Progress = Callable[[str, int, int], None]
_BULK_SECONDS = 60.0


async def seed(url: str, keyring: Keyring, *, demo: bool, progress: Progress) -> tuple[DemoLogin, ...]:
    """Write the calendar, and with ``demo`` the demonstration's people; those who can log in now.

    Repeats change nothing: a changed password or a closed post stays as it is. ``progress``: called with what is
    written, how much of it is done, and how much there is. Raises KeysDamaged when the keys are not the database's.
    """
    db, cipher = Database.connect(url, pool_size=2), FieldCipher(keyring)
    try:
        await check_keys(db, cipher)
        async with db.unit_of_work(deadline_seconds=_BULK_SECONDS) as tx:
            await _calendar(tx, progress)
            if demo:
                await _people(tx, cipher, progress)
    finally:
        await db.close()
    return DEMO_LOGINS if demo else ()


async def _calendar(tx: Tx, progress: Progress) -> None:
    fresh, stored = seed_calendar(), await load_calendar(tx)
    if stored is None or stored.known_through < fresh.known_through:
        await import_calendar(tx, fresh, source="seed")
    progress("calendar days", len(fresh.days), len(fresh.days))


async def _people(tx: Tx, cipher: FieldCipher, progress: Progress) -> None:
    password_hash = PasswordHash.recommended().hash(DEMO_PASSWORD)
    for done, login in enumerate(DEMO_LOGINS, start=1):
        for table, row in _rows(login, cipher, password_hash):
            await tx.execute(insert(table).values(row).on_conflict_do_nothing())
        progress("people", done, len(DEMO_LOGINS))


def _rows(login: DemoLogin, cipher: FieldCipher, password_hash: str) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    unit = login.unit
    return [
        (
            Unit,
            {
                "id": unit.id,
                "name": unit.name,
                "kind": unit.kind,
                "territory": unit.territory,
                "link_hash": unit_link_hash(cipher, unit.link) if unit.link else None,
                "active": True,
            },
        ),
        (
            Person,
            {
                "id": login.id,
                "login": login.name,
                "password_hash": password_hash,
                "name_enc": cipher.seal(contact_place(login.id, "name_enc"), login.person),
                "email_enc": cipher.seal(contact_place(login.id, "email_enc"), f"{login.name}@shouwang.example"),
                "active": True,
                "must_change": False,
                "created_at": datetime.now(UTC),
            },
        ),
        (
            Post,
            {
                "id": login.post_id,
                "person_id": login.id,
                "role": login.role,
                "unit_id": unit.id,
                "territory": login.territory,
                "valid_from": date(2020, 1, 1),
            },
        ),
    ]
