"""Rows of SQL as the frozen views that leave the store."""

from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import Column, Row, Table
from sqlmodel import SQLModel

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def values(row: AnyRow) -> dict[str, Any]:
    """The row as a dict by column name."""
    return dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy, underscored only not to hide a column


def table_of(model: type[SQLModel]) -> Table:
    """The SQL table of a model."""
    table = model.__table__  # type: ignore[attr-defined]
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table


def columns_for(view: type, model: type[SQLModel], *, without: tuple[str, ...] = ()) -> list[Column[Any]]:
    """The columns of a table that a view (a dataclass with the same names) is built from."""
    table = table_of(model)
    return [table.c[field.name] for field in fields(view) if field.name not in without]
