"""The one writer of the read model, and the question what is still on its way to a case."""

from datetime import datetime
from uuid import UUID

from temporalio import activity

from domain.state import Projection
from store.crypto import FieldCipher
from store.database import Database
from store.outbox import Outbox
from store.projection import Projector
from store.queries.links import suggest
from store.raised import Raised
from workflows.case import PROJECT, UNHEARD
from workflows.flows import FLOWS


class ReadModel:
    """Writes what happened in a case into SQL, once however often it is told."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._projector = Projector(db)
        self._raised = Raised(db, cipher)
        self._outbox = Outbox(db)

    @activity.defn(name=PROJECT)
    async def project(self, projection: Projection) -> None:
        """One step of a case in one transaction, unique by case and revision; then what the step brings with it."""
        process, _ = FLOWS[projection.process]
        await self._projector.write(projection, process)
        for event in projection.events:
            if event.kind == "case.opened":
                async with self._db.unit_of_work() as tx:
                    await suggest(tx, UUID(projection.case_id))
            elif event.kind == "report.raised":
                age = projection.facts.get("age_band", "")
                await self._raised.write(UUID(projection.case_id), event.item, projection.territory, age, event.at)

    @activity.defn(name=UNHEARD)
    async def count_unheard(self, case_id: str, until: datetime) -> int:
        """How many acts received by ``until`` the case has not answered yet."""
        return await self._outbox.pending_before(UUID(case_id), until)
