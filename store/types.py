"""Column types and checks shared by the tables."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, LargeBinary, String, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeDecorator

__all__ = ["Binary", "Codes", "Id", "TerritoryCode", "Texts", "UtcDateTime", "code_check", "one_of"]

Id = Uuid
Binary = LargeBinary


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: ``timestamptz`` that refuses a naive value on the way in and is UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive instant: a guess at its zone would shift a legal time."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the instant in UTC whatever the time zone of the session."""
        return None if value is None else value.astimezone(UTC)


class TerritoryCode(TypeDecorator[str]):
    """A GB code of 2 to 12 digits. Collation C, so that a scope is a range ``[22, 23)`` an index serves."""

    impl = String(12, collation="C")
    cache_ok = True


class Codes(TypeDecorator[dict[str, Any]]):
    """Coded answers as ``jsonb``."""

    impl = JSONB(none_as_null=True)
    cache_ok = True


class Texts(TypeDecorator[list[str]]):
    """``text[]``."""

    impl = ARRAY(Text)
    cache_ok = True


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these values (or nothing, where it may be null)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def code_check(column: str = "territory") -> CheckConstraint:
    """The column holds a territory code: 2, 4, 6, 9 or 12 digits."""
    return CheckConstraint(f"{column} ~ '^([0-9]{{2}}|[0-9]{{4}}|[0-9]{{6}}|[0-9]{{9}}|[0-9]{{12}})$'", name=column)
