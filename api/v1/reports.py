"""Reports by programs: file one, ask how one stands, look up a territory to name in one."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.bodies import json_object
from api.i18n import language_of
from api.problems import FieldError, Problem
from api.receipts import file_report
from api.reports import Filed, check_report, report_schema
from api.senders import KEY_HEADER, UNIT_HEADER, api_sender, checked_key
from api.services import backend_of
from api.session import china_today
from api.status import WRONG, look_up
from api.task_forms import Given

router = APIRouter(prefix="/api/v1", tags=["reports"])


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": description}


_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": report_schema()}}},
    "parameters": [
        _header(KEY_HEADER.title(), "The same key with the same body gives the first receipt again."),
        _header(UNIT_HEADER.title(), "The secret of a unit's reporting link."),
    ],
}
_RECEIPT: dict[str, Any] = {
    "type": "object",
    "required": ["receipt", "code", "received_at", "repeated", "next_steps", "clocks"],
    "properties": {
        "receipt": {"type": "string", "description": "回执号, with a check digit"},
        "code": {"type": "string", "description": "查询码"},
        "received_at": {"type": "string", "format": "date-time"},
        "repeated": {"type": "boolean", "description": "It was stored before under the same key."},
        "next_steps": {"type": "array", "items": {"type": "string"}},
        "clocks": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "task": {"type": "string"},
                    "title": {"type": "string"},
                    "due_at": {"type": ["string", "null"], "format": "date-time"},
                    "last_day": {"type": ["string", "null"], "format": "date"},
                    "kind": {"type": "string", "enum": ["statutory", "target"]},
                    "word": {"type": "string", "description": "The law's word where it gives no number"},
                    "basis": {"type": "string"},
                    "provisional": {"type": "boolean"},
                },
            },
        },
    },
}
_STORED = {"content": {"application/json": {"schema": _RECEIPT}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    201: {"description": "Stored", **_STORED},
    200: {"description": "Stored before under the same key", **_STORED},
    403: {"description": "The unit's link is dead"},
    409: {"description": "The key was used with another body"},
    422: {"description": "Fields that cannot be taken, each by name"},
    503: {"description": "The database does not answer; nothing was stored"},
}


@router.post("/reports", summary="File a report", status_code=201, responses=_RESPONSES, openapi_extra=_BODY)
async def post_report(request: Request) -> Response:
    """The answer comes after the report is on disk: whoever has a receipt has a report."""
    key = request.headers.get(KEY_HEADER)
    key = "" if key is None else f"api:{checked_key(key)}"
    filed = check_report(Given(await json_object(request)), datetime.now(UTC))
    if filed.errors:
        raise _problem(request, filed)
    backend = backend_of(request)
    sender = await api_sender(request)
    shown = await file_report(backend.front_door, backend.receipt_clocks, filed, sender, key)
    document = shown.document(language_of(request))
    return Response(
        json.dumps(document, ensure_ascii=False).encode(),
        200 if shown.receipt.again else 201,
        media_type="application/json",
    )


def _problem(request: Request, filed: Filed) -> Problem:
    translate = language_of(request).gettext
    errors = tuple(FieldError(name[:100], words.said(translate)) for name, words in filed.errors.items())
    return Problem(422, "fields", errors=errors[:100])


class StatusQuestion(BaseModel):
    """Number and code as they stand on the receipt."""

    model_config = ConfigDict(extra="forbid")

    receipt: str = Field(max_length=60)
    code: str = Field(max_length=30)


@router.post("/reports/status", summary="How a report stands", responses={404: {}, 429: {}})
async def post_status(request: Request, question: StatusQuestion) -> dict[str, Any]:
    """Neutral words only. 404 for an unknown number and for a wrong code alike."""
    progress = await look_up(request, question.receipt, question.code)
    if progress is None:
        raise Problem(404, "receipt", WRONG)
    return progress.document(language_of(request))


@router.get("/territories/{code}", summary="A territory and those one level below it")
async def get_territory(request: Request, code: str) -> dict[str, Any]:
    """Codes as reports name them; 404 for a code that does not exist today."""
    gazetteer, on = backend_of(request).gazetteer, china_today()
    place = gazetteer.find(code, on)
    if place is None:
        raise Problem(404, "territory")
    children = [{"code": child.code, "name": child.name} for child in gazetteer.children(code, on)]
    return {"code": place.code, "name": place.name, "level": place.level.value, "children": children}
