"""Links between the pages of a list: the place where a page begins, checked before it reaches SQL."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from store.paging import BadPlace, from_place

Check = Callable[[str], object]
_INFINITY = "infinity"


def instant(text: str) -> object:
    """An instant of a place; "infinity" stands for none."""
    return text if text == _INFINITY else datetime.fromisoformat(text)


def plain(text: str) -> object:
    """A key of ours."""
    if not text.isprintable():
        raise ValueError("not a key")
    return text


def checked_place(text: str, *checks: Check) -> str:
    """``text`` when every part of the place can be read, else "" which is the first page."""
    try:
        for check, part in zip(checks, from_place(text, len(checks)) if text else (), strict=bool(text)):
            check(part)
    except (BadPlace, ValueError):
        return ""
    return text


def link(path: str, query: Mapping[str, str]) -> str:
    """The address of a list with its filters; empty ones are left out."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


TASK_PLACE: tuple[Check, ...] = (instant, UUID, plain)
CASE_PLACE: tuple[Check, ...] = (instant, UUID)
EVENT_PLACE: tuple[Check, ...] = (int, int)
NOTICE_PLACE: tuple[Check, ...] = (instant, UUID)
