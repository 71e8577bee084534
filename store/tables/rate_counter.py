"""Exact rate counters, shared by every process."""

from datetime import datetime

from sqlmodel import Field

from store.tables.naming import Table
from store.types import Binary, UtcDateTime


class RateCounter(Table, table=True):
    """How often something was tried in one window. The key (address, login) is kept as a blind index only."""

    __tablename__ = "rate_counter"

    scope: str = Field(primary_key=True)
    key_hash: bytes = Field(sa_type=Binary, primary_key=True)
    window_start: datetime = Field(sa_type=UtcDateTime, primary_key=True, index=True)
    count: int
