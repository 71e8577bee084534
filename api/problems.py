"""Refusals at the edge: RFC 9457 problem+json for the API, a page with what to do next for people.

What a client sent is never echoed: a problem names fields and reasons, not values. An unexpected error shows only a
reference number; the log line under that number has types and places in the code, no values.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from api.i18n import Language
from domain.words import N_

TITLES = {
    400: N_("请求无法读懂"),
    401: N_("请先登录"),
    403: N_("不能这样做"),
    404: N_("没有找到"),
    405: N_("不支持这种操作"),
    409: N_("情况已经变化"),
    413: N_("内容太大"),
    415: N_("内容格式不支持"),
    422: N_("有内容需要改正"),
    429: N_("操作太频繁"),
    500: N_("系统出错了"),
    503: N_("暂时无法办理"),
}

REASONS = {
    "missing": N_("必须填写"),
    "extra_forbidden": N_("没有这个字段"),
    "enum": N_("不在可选的值之内"),
    "literal_error": N_("不在可选的值之内"),
    "string_too_long": N_("太长"),
    "string_too_short": N_("太短"),
    "too_long": N_("太多"),
    "too_short": N_("太少"),
    "greater_than_equal": N_("太小"),
    "less_than_equal": N_("太大"),
    "json_invalid": N_("不是合法的 JSON"),
}
ANY_REASON = N_("格式不正确")

_log = structlog.get_logger("api")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field and why it was refused; ``reason`` is Chinese source text or text in the reader's language."""

    field: str
    reason: str


@dataclass(eq=False)
class Problem(Exception):
    """An expected refusal. ``kind`` is a stable English key; ``detail`` says why and what to do, or is empty.

    ``extra``: members of the problem object beyond the standard ones (``holder``, ``open_items`` …).
    """

    status: int
    kind: str = ""
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    def document(self, language: Language, request_id: str) -> dict[str, object]:
        """The problem+json object; ``instance`` is the reference number of the request."""
        body: dict[str, object] = {
            "type": f"urn:shouwang:problem:{self.kind}" if self.kind else "about:blank",
            "title": language.gettext(self.title),
            "status": self.status,
            "instance": f"urn:shouwang:request:{request_id}",
        }
        if self.detail:
            body["detail"] = language.gettext(self.detail)
        if self.errors:
            body["errors"] = [{"field": e.field, "reason": language.gettext(e.reason)} for e in self.errors]
        return body | dict(self.extra)

    @property
    def title(self) -> str:
        """The heading of this status, Chinese source text."""
        return TITLES.get(self.status, TITLES[400 if self.status < 500 else 500])


def is_api(connection: HTTPConnection) -> bool:
    """Whether a program asks: it is answered in JSON, never with a page."""
    path: str = connection.scope["path"]
    return path.startswith("/api/") or path in {"/openapi.json", "/healthz", "/readyz"}


def request_id_of(connection: HTTPConnection) -> str:
    """The reference number that the outermost middleware gave this request."""
    known: str = connection.scope.get("state", {}).get("request_id", "")
    return known


def from_http(error: HTTPException) -> Problem:
    """A framework refusal (404, 405 …) as a problem; its English detail is dropped."""
    return Problem(error.status_code, headers=dict(error.headers or {}))


def from_validation(error: RequestValidationError) -> Problem:
    """A body, path or query that does not fit its model: 400 when it is no JSON at all, else 422 naming the fields."""
    found = error.errors()
    if any(entry["type"] == "json_invalid" for entry in found):
        return Problem(400, "not_json", REASONS["json_invalid"])
    return Problem(422, "fields", errors=tuple(_field_error(entry) for entry in found[:100]))


def _field_error(entry: Mapping[str, object]) -> FieldError:
    place = entry.get("loc")
    parts = [str(part) for part in place] if isinstance(place, Sequence) else []
    name = ".".join(parts[1:] if parts and parts[0] in {"body", "query", "path", "header"} else parts)
    kind = str(entry.get("type"))
    context = entry.get("ctx")
    own = context.get("error") if isinstance(context, Mapping) and kind == "value_error" else None
    return FieldError(name[:100], str(own) if own is not None else REASONS.get(kind, ANY_REASON))


def record_failure(error: BaseException, request_id: str, route: str) -> None:
    """Log an unexpected error under its reference number: types and places only, since messages may hold values."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    _log.error(
        "request.failed",
        request_id=request_id,
        route=route,
        error=type(error).__qualname__,
        cause=type(error.__cause__).__qualname__ if error.__cause__ else None,
        frames=[f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}:{frame.name}" for frame in frames],
    )
