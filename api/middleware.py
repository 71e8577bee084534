"""What every request passes on its way in and every answer on its way out. Pure ASGI: streams and context survive."""

import uuid
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.csrf import SAFE_METHODS, CsrfGuard
from api.i18n import LANG_COOKIE, languages
from api.problems import Problem, is_api, record_failure
from api.services import WebSettings
from domain.words import N_

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
HSTS = "max-age=31536000"
YEAR_SECONDS = 31_536_000

TOO_LARGE = N_("提交的内容超过 1 MB，没有保存。请缩短文字后再试。")
BAD_ADDRESS = N_("网址里有无法识别的字符。")
BAD_LENGTH = N_("请求的长度写错了。")
ONLY_JSON = N_("请用 application/json 提交，文字用 UTF-8 编码。")

Answer = Callable[[Request, Problem], Response]


class Frame:
    """Outermost: gives the request its number, answers what nobody caught, puts the headers on everything."""

    def __init__(self, app: ASGIApp, settings: WebSettings, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._settings = settings
        headers = dict(SECURITY_HEADERS)
        if settings.secure_cookies:
            headers["strict-transport-security"] = HSTS
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._names = {name for name, _ in self._headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                others = [pair for pair in message["headers"] if pair[0] not in self._names]
                message["headers"] = [*others, *self._headers]
                self._dress(MutableHeaders(raw=message["headers"]), scope, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as error:
            route = scope.get("route")
            record_failure(error, request_id, str(getattr(route, "path", "-")))
            if started:
                raise
            answer = self._answer(Request(scope, receive), Problem(500, "unexpected"))
            await answer(scope, receive, send_framed)

    def _dress(self, headers: MutableHeaders, scope: Scope, request_id: str) -> None:
        headers["x-request-id"] = request_id
        headers.setdefault("cache-control", "no-store")
        language = HTTPConnection(scope).query_params.get("lang") if b"lang=" in scope["query_string"] else None
        if language in languages():
            secure = "; Secure" if self._settings.secure_cookies else ""
            cookie = f"{LANG_COOKIE}={language}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure}"
            headers.append("set-cookie", cookie)


class Gate:
    """Innermost before the routes: an address that can be read, a body that fits, the right type, our own origin.

    The body (at most ``max_body_bytes``) is read here in whole and handed on, so a too long one is refused before any
    handler has begun, whether its length was said or not.
    """

    def __init__(self, app: ASGIApp, settings: WebSettings, answer: Answer) -> None:
        self._app = app
        self._limit = settings.max_body_bytes
        self._guard = CsrfGuard(settings)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _check_address(scope)
            if scope["method"] not in SAFE_METHODS:
                body = await self._read(Headers(scope=scope), receive)
                if body is None:
                    return
                _check_type(Request(scope), body)
                await self._guard.check(Request(scope, _again(body, receive)))
                receive = _again(body, receive)
        except Problem as problem:
            response = self._answer(Request(scope, receive), problem)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body, or None when the client left before it was through: half a form is no form."""
        said = headers.get("content-length", "0")
        if not (said.isascii() and said.isdigit()):
            raise Problem(400, "length", BAD_LENGTH)
        if int(said) > self._limit:
            raise _too_large()
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._limit:
                raise _too_large()
            more = message.get("more_body", False)
        return bytes(body)


def _too_large() -> Problem:
    # What is left of the body is not read, so the connection cannot be used again.
    return Problem(413, "too_large", TOO_LARGE, headers={"connection": "close"})


def _again(body: bytes, receive: Receive) -> Receive:
    """A receive channel that gives ``body`` once and then listens for the end of the connection."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _check_address(scope: Scope) -> None:
    """NUL would only fail later, in the database."""
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        raise Problem(400, "address", BAD_ADDRESS)


def _check_type(request: Request, body: bytes) -> None:
    """The API takes JSON in UTF-8 only."""
    if not is_api(request) or not body:
        return
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if kind.strip() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise Problem(415, "content_type", ONLY_JSON)
    try:
        body.decode()
    except UnicodeDecodeError:
        raise Problem(400, "encoding", ONLY_JSON) from None
