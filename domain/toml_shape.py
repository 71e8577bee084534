"""Typed reading of parsed TOML: each function gives the value in its type or raises WrongShape naming the field."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

Named = TypeVar("Named", bound=StrEnum)


class WrongShape(ValueError):
    """A field that is missing or not of the kind it should be."""


def only(raw: Mapping[str, object], allowed: frozenset[str]) -> None:
    """Refuse a field nobody knows."""
    for name in raw:
        if name not in allowed:
            raise WrongShape(f"unknown field {name!r}")


def text(raw: Mapping[str, object], name: str) -> str:
    """A text that must be there and not be blank."""
    value = optional_text(raw, name)
    if not value.strip():
        raise WrongShape(f"{name} is missing or empty")
    return value


def optional_text(raw: Mapping[str, object], name: str) -> str:
    """A text, empty when left out."""
    value = raw.get(name, "")
    if not isinstance(value, str):
        raise WrongShape(f"{name} must be text in quotes")
    return value


def texts(raw: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of texts, empty when left out."""
    value = raw.get(name, [])
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise WrongShape(f"{name} must be a list of texts")
    return tuple(value)


def table(raw: Mapping[str, object], name: str) -> dict[str, object]:
    """A table, empty when left out."""
    value = raw.get(name, {})
    if not isinstance(value, dict):
        raise WrongShape(f"{name} must be a table")
    return value


def rows(raw: Mapping[str, object], name: str) -> list[object]:
    """A list of anything, empty when left out."""
    value = raw.get(name, [])
    if not isinstance(value, list):
        raise WrongShape(f"{name} must be a list")
    return value


def flag(raw: Mapping[str, object], name: str, default: bool | None = None) -> bool:
    """true or false; without a default it must be there."""
    value = raw.get(name, default)
    if not isinstance(value, bool):
        raise WrongShape(f"{name} must be true or false")
    return value


def whole(raw: Mapping[str, object], name: str) -> int:
    """A whole number from 0 to 9, 0 when left out."""
    value = raw.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 9:
        raise WrongShape(f"{name} must be a whole number from 0 to 9")
    return value


def day(raw: Mapping[str, object], name: str) -> date:
    """A date without time that must be there."""
    value = raw.get(name)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise WrongShape(f"{name} must be a date such as 2020-04-08")
    return value


def member(kind: type[Named], name: str, value: str) -> Named:
    """The member of an enumeration with this value."""
    try:
        return kind(value)
    except ValueError as error:
        raise WrongShape(f"{name} {value!r} is none of {', '.join(kind)}") from error
