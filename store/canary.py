"""A start with the wrong keys is refused: a known text per key domain must open with the keys at hand."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from store.crypto import FieldCipher, Place
from store.database import Database
from store.errors import KeysDamaged, SealBroken
from store.keys import KeyDomain
from store.tables import KeyCanary

_TEXT = b"shouwang"
_NOBODY = UUID(int=0)


async def check_keys(db: Database, cipher: FieldCipher) -> None:
    """Raise KeysDamaged when a domain's canary does not open; the first start writes the canaries."""
    async with db.unit_of_work() as tx:
        fresh = [{"domain": domain.value, "sealed": cipher.seal(_place(domain), _TEXT)} for domain in KeyDomain]
        await tx.execute(insert(KeyCanary).values(fresh).on_conflict_do_nothing())
    await verify_keys(db, cipher)


async def verify_keys(db: Database, cipher: FieldCipher) -> None:
    """The same without writing anything: what a running process asks itself."""
    async with db.read() as tx:
        rows = (await tx.execute(select(col(KeyCanary.domain), col(KeyCanary.sealed)))).all()
    for row in rows:
        try:
            cipher.open(_place(KeyDomain(row.domain)), row.sealed)
        except SealBroken:
            raise KeysDamaged(
                f"the key file does not hold the {row.domain} key this database was written with: restore the right one"
            ) from None


def _place(domain: KeyDomain) -> Place:
    return Place(domain, _NOBODY, "key_canary", _NOBODY, domain.value)
