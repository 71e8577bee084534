"""The one writer of the read model, and the question what is still on its way to a case."""

from datetime import datetime
from uuid import UUID

from temporalio import activity

from domain.state import Projection
from store.outbox import Outbox
from store.projection import Projector
from workflows.case import PROJECT, UNHEARD
from workflows.flows import FLOWS


class ReadModel:
    """Writes what happened in a case into SQL, once however often it is told."""

    def __init__(self, projector: Projector, outbox: Outbox) -> None:
        self._projector = projector
        self._outbox = outbox

    @activity.defn(name=PROJECT)
    async def project(self, projection: Projection) -> None:
        """One step of a case in one transaction; unique by case and revision."""
        process, _ = FLOWS[projection.process]
        await self._projector.write(projection, process)

    @activity.defn(name=UNHEARD)
    async def count_unheard(self, case_id: str, until: datetime) -> int:
        """How many acts received by ``until`` the case has not answered yet."""
        return await self._outbox.pending_before(UUID(case_id), until)
