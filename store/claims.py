"""Claim tickets: among rivals for one item, one statement picks the one who may ask the case."""

from datetime import timedelta
from uuid import UUID

from store.database import Database
from store.errors import DatabaseUnavailable

STALE = timedelta(seconds=30)
"""A ticket this old whose claim the case never confirmed is free again: its taker's request was lost."""

_TAKE = """
WITH won AS (
    INSERT INTO claim_ticket AS t (case_id, item, person_id, taken_at)
    SELECT %(case_id)s::uuid, %(item)s::text, %(person)s::uuid, now()
    WHERE NOT EXISTS (
        SELECT 1 FROM work_item w
        WHERE w.case_id = %(case_id)s AND w.id = %(item)s::text AND w.status = 'open' AND w.holder <> %(person)s
    )
    ON CONFLICT (case_id, item) DO UPDATE SET person_id = excluded.person_id, taken_at = excluded.taken_at
    WHERE t.person_id = excluded.person_id
       OR (t.taken_at < now() - %(stale)s::interval AND NOT EXISTS (
              SELECT 1 FROM work_item w
              WHERE w.case_id = t.case_id AND w.id = t.item AND w.status = 'open' AND w.holder = t.person_id
          ))
    RETURNING person_id
)
SELECT person_id FROM won
"""
_HOLDER = """
SELECT coalesce(
    (SELECT holder FROM work_item WHERE case_id = %(case_id)s AND id = %(item)s::text AND status = 'open'),
    (SELECT person_id FROM claim_ticket WHERE case_id = %(case_id)s AND item = %(item)s::text)
)
"""
_DROP = "DELETE FROM claim_ticket WHERE case_id = %(case_id)s AND item = %(item)s::text AND person_id = %(person)s"


class Claims:
    """The tickets. A ticket is no claim: the case confirms it, or refuses and the ticket is dropped."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take_ticket(self, case_id: UUID, item: str, person: UUID, stale: timedelta = STALE) -> UUID:
        """Who has the ticket now: ``person`` when it was free, stale or theirs already, else the one who was first."""
        ticket = {"case_id": case_id, "item": item, "person": person, "stale": stale}
        async with self._db.statement() as wire:
            for _ in range(3):  # the rival may drop the ticket between the two statements
                for statement in (_TAKE, _HOLDER):
                    row = await (await wire.execute(statement, ticket, binary=True)).fetchone()
                    if row and isinstance(row[0], UUID):
                        return row[0]
        raise DatabaseUnavailable("the claim ticket changed hands too fast")

    async def drop_ticket(self, case_id: UUID, item: str, person: UUID) -> None:
        """Give the ticket back: the case has refused the claim, or the person released the item."""
        async with self._db.statement() as wire:
            await wire.execute(_DROP, {"case_id": case_id, "item": item, "person": person})
