"""Units: schools, villages, hospitals, police, offices."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary, Id, TerritoryCode, code_check, one_of


class UnitKind(StrEnum):
    """What a unit is: the close-contact units 密切接触未成年人的单位 and the offices that act."""

    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    HOSPITAL = "hospital"
    VILLAGE_COMMITTEE = "village_committee"
    WELFARE_INSTITUTION = "welfare_institution"
    SOCIAL_ORG = "social_org"
    HOTEL = "hotel"
    POLICE = "police"
    BUREAU = "bureau"
    CENTRE = "centre"
    TOWNSHIP = "township"
    OTHER = "other"


class Unit(Table, table=True):
    """A unit. ``link_hash``: blind index of the secret in its QR link, by which it reports without a login."""

    __tablename__ = "unit"
    __table_args__ = (one_of("kind", UnitKind), code_check())

    id: UUID = Field(sa_type=Id, primary_key=True)
    name: str
    kind: str
    territory: str = Field(sa_type=TerritoryCode, index=True)
    link_hash: bytes | None = Field(default=None, sa_type=Binary, unique=True)
    active: bool = True
