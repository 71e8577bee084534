"""One message after a redirect ("已认领"): a cookie carries its key, never its words, so nobody can plant text."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

FLASH_COOKIE = "sw_flash"


@dataclass(frozen=True, slots=True)
class Flash:
    """A message shown once; ``text`` is Chinese source text, marked with N_ where it is declared."""

    key: str
    text: str
    kind: Literal["done", "warm", "danger"] = "done"


_known: dict[str, Flash] = {}


def declare_flash(key: str, text: str, kind: Literal["done", "warm", "danger"] = "done") -> Flash:
    """Register a message under ``key``; raises ValueError when the key is taken by another text."""
    flash = Flash(key, text, kind)
    if _known.setdefault(key, flash) != flash:
        raise ValueError(f"flash {key} is declared twice")
    return flash


def set_flash(response: Response, flash: Flash) -> None:
    """Show ``flash`` on the next page that this browser loads."""
    response.set_cookie(FLASH_COOKIE, flash.key, max_age=60, httponly=True, samesite="lax")


def flash_of(connection: HTTPConnection) -> Flash | None:
    """The message waiting for this browser, if any."""
    return _known.get(connection.cookies.get(FLASH_COOKIE, ""))
