"""A sealed known text per key domain: a start with the wrong keys is noticed before anything is written."""

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary


class KeyCanary(Table, table=True):
    """What must open with the keys at hand."""

    __tablename__ = "key_canary"

    domain: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=Binary)
