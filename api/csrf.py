"""Cross-site request forgery: one choke point for every unsafe request, no per-route switch.

The browser's own word is asked first: ``Sec-Fetch-Site``, then the full ``Origin``. Where both are absent (plain-HTTP
intranets, old WebViews) a form token bound to the session, or to a cookie of its own before login, must be shown.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.requests import HTTPConnection, Request

from api.forms import FORM_TYPES
from api.problems import Problem, is_api
from api.services import WebSettings
from domain.words import N_

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
FORM_ENCODINGS = {*FORM_TYPES, "text/plain"}
"""What a plain HTML form on another site could send."""
FIELD = "csrf_token"
HEADER = "x-csrf-token"
SESSION_COOKIE = "session"
FORM_COOKIE = "form"

FOREIGN = N_("这个请求来自别的网站，没有执行。请从本系统的页面操作。")
STALE = N_("页面已经过期，没有执行。请刷新页面后再试。")


@dataclass(frozen=True, slots=True)
class CsrfGuard:
    """Decides whether an unsafe request may pass, and makes the tokens that let it."""

    settings: WebSettings

    async def check(self, request: Request) -> None:
        """Raise Problem 403 unless the request is ours. Reads the body only when a form token is needed."""
        if request.method in SAFE_METHODS or _bears_token(request):
            return
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            if site not in {"same-origin", "none"}:
                raise Problem(403, "cross_site", FOREIGN)
            return
        origin = request.headers.get("origin")
        if origin is not None:
            if origin not in self._own_origins(request):
                raise Problem(403, "foreign_origin", FOREIGN)
            return
        if self._needs_token(request) and not self._valid(request, await _given_token(request)):
            raise Problem(403, "form_token", STALE)

    def _own_origins(self, request: Request) -> frozenset[str]:
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return self.settings.trusted_origins | {own}

    def _needs_token(self, request: Request) -> bool:
        return self.settings.cookie(SESSION_COOKIE) in request.cookies or _content_type(request) in FORM_ENCODINGS

    def _valid(self, connection: HTTPConnection, token: str) -> bool:
        owner = self.owner(connection)
        return bool(owner) and hmac.compare_digest(_unmask(token), self._seal(owner))

    def owner(self, connection: HTTPConnection) -> str:
        """What a token is bound to: the session, else the form cookie; "" when there is neither."""
        session = connection.cookies.get(self.settings.cookie(SESSION_COOKIE), "")
        form = connection.cookies.get(self.settings.cookie(FORM_COOKIE), "")
        return f"{SESSION_COOKIE}:{session}" if session else f"{FORM_COOKIE}:{form}" if form else ""

    def token(self, owner: str) -> str:
        """A token for ``owner``, masked anew each time so that compressed pages do not leak it."""
        seal = self._seal(owner)
        mask = secrets.token_bytes(len(seal))
        return base64.urlsafe_b64encode(mask + _mix(mask, seal)).decode()

    def _seal(self, owner: str) -> bytes:
        return hmac.digest(self.settings.csrf_key, f"csrf:{owner}".encode(), hashlib.sha256)


class CsrfField:
    """The hidden field of a form: ``{{ csrf_field }}``. Makes the form cookie only when a page really uses it."""

    def __init__(self, guard: CsrfGuard, connection: HTTPConnection) -> None:
        self._guard = guard
        self._connection = connection
        self.new_cookie = ""

    @property
    def token(self) -> str:
        """The token itself."""
        owner = self._guard.owner(self._connection)
        if not owner:
            self.new_cookie = self.new_cookie or secrets.token_urlsafe(24)
            owner = f"{FORM_COOKIE}:{self.new_cookie}"
        return self._guard.token(owner)

    def __html__(self) -> Markup:
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, self.token)


def _bears_token(request: Request) -> bool:
    """A program that shows its own token: no browser adds that header for another site."""
    return is_api(request) and request.headers.get("authorization", "").lower().startswith("bearer ")


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _given_token(request: Request) -> str:
    """The token shown: in the header, or in an urlencoded form (our forms are all urlencoded)."""
    header = request.headers.get(HEADER)
    if header is not None or _content_type(request) != FORM_TYPES[0]:
        return header or ""
    fields = parse_qs((await request.body()).decode("latin-1"), max_num_fields=1000)
    return fields.get(FIELD, [""])[0]


def _unmask(token: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return b""
    half = len(raw) // 2
    return _mix(raw[:half], raw[half:])


def _mix(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
