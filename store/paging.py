"""Pages of a list by key: as fast on page one thousand as on page one, and nothing is shown twice."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from store.rows import AnyRow

T = TypeVar("T")
CAP = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the opaque place where the next page begins (empty on the last)."""

    rows: list[T]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, counted no further than a thousand."""

    number: int

    @property
    def is_capped(self) -> bool:
        """Whether there are more than the number says."""
        return self.number > CAP

    @property
    def shown(self) -> str:
        """The number as people see it: ``1000+`` when there are more."""
        return f"{CAP}+" if self.is_capped else str(self.number)


class BadPlace(ValueError):
    """The place of a page was changed by hand: answer 422, or show the first page."""


def to_place(*key: object) -> str:
    """The key of the last row shown, as text for a link."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in key]).encode()).decode().rstrip("=")


def from_place(place: str, parts: int) -> list[str]:
    """The key in a link; raises :class:`BadPlace` when it is none."""
    try:
        key = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    except ValueError:
        raise BadPlace from None
    if not isinstance(key, list) or len(key) != parts or not all(isinstance(part, str) for part in key):
        raise BadPlace
    return key


def cut(rows: Sequence[AnyRow], limit: int, build: Callable[[AnyRow], T], place: Callable[[AnyRow], str]) -> Page[T]:
    """A page out of ``limit + 1`` rows: one more than shown tells whether there is a next one."""
    shown = rows[:limit]
    return Page([build(row) for row in shown], place(shown[-1]) if len(rows) > limit else "")
