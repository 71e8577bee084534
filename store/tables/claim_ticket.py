"""Claim tickets: one statement decides among rivals before the engine is asked."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Id, UtcDateTime


class ClaimTicket(Table, table=True):
    """Who may ask the case for this item now. The case confirms; until then the ticket keeps rivals off."""

    __tablename__ = "claim_ticket"

    case_id: UUID = Field(sa_type=Id, primary_key=True)
    item: str = Field(primary_key=True)
    person_id: UUID = Field(sa_type=Id, foreign_key="person.id")
    taken_at: datetime = Field(sa_type=UtcDateTime)
