"""What the store's tests stand on: a migrated database of their own, keys, and a few people."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from sqlalchemy import insert, text

from store.crypto import FieldCipher
from store.database import Database
from store.keys import Keyring
from store.tables import Person, Post, Unit
from tests.store.factory import Folk, Worker

COUNTY, OTHER_COUNTY = "220104", "220122"


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Fresh keys."""
    return Keyring.generate()


@pytest.fixture
def cipher(keyring: Keyring) -> FieldCipher:
    """Seals with the fresh keys."""
    return FieldCipher(keyring)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def db(pg_url: str) -> AsyncIterator[Database]:
    """The database of this test module."""
    database = Database.connect(pg_url, pool_size=20)
    try:
        yield database
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def folk(db: Database) -> Folk:
    """People with posts: two officers and a leader of one county, an officer of another, police, one of each above."""
    people = Folk.make(
        {
            "officer": Worker.make("county_officer", COUNTY),
            "officer2": Worker.make("county_officer", COUNTY),
            "leader": Worker.make("county_leader", COUNTY),
            "stranger": Worker.make("county_officer", OTHER_COUNTY),
            "police": Worker.make("police", COUNTY),
            "township": Worker.make("child_supervisor", f"{COUNTY}001"),
            "city": Worker.make("city_officer", "2201"),
            "province": Worker.make("provincial_supervisor", "22"),
            "administrator": Worker.make("administrator", "22"),
        }
    )
    async with db.unit_of_work() as tx:
        await tx.execute(
            insert(Unit).values(id=people.unit, name="民政局", kind="bureau", territory=COUNTY, active=True)
        )
        for name, worker in people.workers.items():
            await tx.execute(
                insert(Person).values(
                    id=worker.id, login=name, password_hash="x", name_enc=b"", active=True, must_change=False,
                    created_at=datetime.now(UTC),
                )
            )  # fmt: skip
            await tx.execute(
                insert(Post).values(
                    id=worker.post, person_id=worker.id, role=worker.actor.role, unit_id=people.unit,
                    territory=worker.actor.territory, valid_from=date(2020, 1, 1),
                )
            )  # fmt: skip
    return people


async def count(db: Database, table: str, where: str = "true") -> int:
    """How many rows of a table there are."""
    async with db.read() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)
