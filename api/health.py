"""Whether this process lives, and whether everything that it depends on answers."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.readiness import Readiness
from api.services import backend_of

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether the process answers")
async def healthz() -> dict[str, str]:
    """Always ``ok``: an answer at all is the answer."""
    return {"status": "ok"}


_ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["ok", "not_ready"]},
        "dependencies": {"type": "object", "additionalProperties": {"type": "object"}},
    },
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "All are well", "content": {"application/json": {"schema": _ANSWER}}},
    503: {"description": "Some are not", "content": {"application/json": {"schema": _ANSWER}}},
}


@router.get("/readyz", summary="Whether every dependency answers, each by name", responses=_ANSWERS)
async def readyz(request: Request) -> Response:
    """503 names what does not answer. Reports are still taken in while only the engine is away."""
    state = request.app.state
    if not hasattr(state, "readiness"):
        state.readiness = Readiness(backend_of(request))
    well, found = await state.readiness.ask()
    document = {"status": "ok" if well else "not_ready", "dependencies": found}
    return JSONResponse(document, 200 if well else 503)
