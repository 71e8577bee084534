"""Acting on a case by programs: every verb of a case, each with its JSON body and its refusals."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from api.act_forms import errors_problem, parse, send
from api.answer_types import UNKNOWN_FIELD
from api.bodies import json_object
from api.case_work import CaseWork, act_at_once, explain, load_case, require_act
from api.commands import Answer, AnswerState, Request
from api.desk import ApiDesk, CaseId, Desk
from api.pages.steering import (
    Find,
    asked,
    extending,
    holding,
    parting,
    restarting,
    resuming,
    starting,
    stopping,
)
from api.problems import FieldError, Problem
from api.refusals import NO_SUCH_OUTCOME
from api.senders import KEY_HEADER, checked_key
from api.small_acts import EXTEND, GROUND, HOLD, PART, TASK
from api.task_forms import OUTCOME, Given, schema_of
from api.task_list import PROCESSES
from domain.acts import ActKind
from domain.process import Outcome, Task
from domain.protection_forms import NOTE, REASON

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["acts"])

Json = Annotated[dict[str, Any], Depends(json_object)]
Key = Annotated[str, Header(alias=KEY_HEADER, max_length=200)]


class AnswerOut(BaseModel):
    """How an act stands: applied 已生效, or stored and still to take effect 已保存，待生效."""

    state: AnswerState
    rev: int | None
    submission_id: str | None


RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": AnswerOut, "description": "Applied"},
    202: {"model": AnswerOut, "description": "Stored; takes effect when the engine has heard it"},
    403: {"description": "Not for this post"},
    404: {"description": "No such case, item or clock within the reach of the post"},
    409: {"description": "Refused: code, holder, since, open_items say why"},
    422: {"description": "An answer is missing or cannot be taken; errors names the fields"},
}
AT_ONCE: dict[int | str, dict[str, Any]] = {
    **{status: RESPONSES[status] for status in (200, 403, 404, 409)},
    503: {"description": "The engine is away and this only makes sense at once"},
}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _small(task: Task) -> dict[str, Any]:
    schema = schema_of(task)
    schema["properties"] = {name: shape for name, shape in schema["properties"].items() if name != OUTCOME}
    schema["required"] = [name for name in schema.get("required", []) if name != OUTCOME]
    return _body(schema)


def _text(*names: str) -> dict[str, Any]:
    """The body of verbs whose choices depend on the case."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(names[:1]),
        "properties": {name: {"type": "string", "maxLength": 2000} for name in names},
    }


EVERY_OUTCOME = {"anyOf": [schema_of(task) for process in PROCESSES for task in process.tasks if not task.is_system]}


@router.post("/items/{item_id}/act", summary="End an item with an outcome", openapi_extra=_body(EVERY_OUTCOME))
async def act(case_id: CaseId, item_id: str, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """The body is that of the item's task: ``outcome`` and the answers to its questions."""
    work = await _load(desk, case_id)
    item = work.item(item_id)
    if item is None or work.task_of(item).is_system:
        raise Problem(404)
    require_act(desk, ActKind.DO, work.view)
    task = work.task_of(item)
    outcome = _outcome(task, body.pop(OUTCOME, None))
    parsed = await parse(desk, work, task, outcome, Given(body))
    if parsed.errors:
        raise errors_problem(desk, parsed)
    request = Request(
        ActKind.DO,
        item=item_id,
        task=task.key,
        outcome=outcome.key,
        codes=parsed.codes,
        content=parsed.content,
        key=_key(key),
    )
    return await _answer(desk, work, await send(desk, work, request), item_id)


@router.post("/items/{item_id}/claim", summary="Take an item", responses=AT_ONCE)
async def claim(case_id: CaseId, item_id: str, desk: ApiDesk) -> Response:
    """Decided at once; of rivals one wins."""
    work = await _load(desk, case_id)
    return await _answer(desk, work, await act_at_once(desk, work, ActKind.CLAIM, item_id), item_id)


@router.post("/items/{item_id}/release", summary="Give an item back", responses=AT_ONCE)
async def release(case_id: CaseId, item_id: str, desk: ApiDesk) -> Response:
    """Decided at once."""
    work = await _load(desk, case_id)
    return await _answer(desk, work, await act_at_once(desk, work, ActKind.RELEASE, item_id), item_id)


@router.post("/items/{item_id}/hold", summary="Put an item on hold", responses=RESPONSES, openapi_extra=_small(HOLD))
async def hold(case_id: CaseId, item_id: str, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """Progress stops, time runs on."""
    return await _steer(desk, case_id, item_id, holding, body=body, key=key)


@router.post("/items/{item_id}/resume", summary="Go on with an item", responses=RESPONSES)
async def resume(case_id: CaseId, item_id: str, desk: ApiDesk, key: Key = "") -> Response:
    """The hold ends."""
    return await _steer(desk, case_id, item_id, resuming, body={}, key=key)


@router.post("/start", summary="Start a task", responses=RESPONSES, openapi_extra=_body(_text(TASK.key, NOTE.key)))
async def start(case_id: CaseId, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """A discretionary task; ``startable`` of the case lists what may be started now."""
    return await _steer(desk, case_id, "", starting, body=body, key=key)


@router.post(
    "/clocks/{clock_id}/extend", summary="Ask for an extension", responses=RESPONSES, openapi_extra=_small(EXTEND)
)
async def extend(case_id: CaseId, clock_id: str, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """Before the clock is due; one level up decides."""
    return await _steer(desk, case_id, clock_id, extending, body=body, key=key)


@router.post(
    "/clocks/{clock_id}/stop",
    summary="Stop a clock on a legal ground",
    responses=RESPONSES,
    openapi_extra=_body({**_text(GROUND.key, REASON.key), "required": [GROUND.key, REASON.key]}),
)
async def stop(case_id: CaseId, clock_id: str, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """``stop_reasons`` of the clock lists the grounds."""
    return await _steer(desk, case_id, clock_id, stopping, body=body, key=key)


@router.post("/clocks/{clock_id}/restart", summary="Let a stopped clock run on", responses=RESPONSES)
async def restart(case_id: CaseId, clock_id: str, desk: ApiDesk, key: Key = "") -> Response:
    """With the time that was left."""
    return await _steer(desk, case_id, clock_id, restarting, body={}, key=key)


@router.post("/part", summary="Undo a merge", responses=RESPONSES, openapi_extra=_small(PART))
async def part(case_id: CaseId, desk: ApiDesk, body: Json, key: Key = "") -> Response:
    """This case stands alone again."""
    return await _steer(desk, case_id, "", parting, body=body, key=key)


async def _load(desk: Desk, case_id: CaseId) -> CaseWork:
    async with desk.backend.db.read() as tx:
        return await load_case(desk, tx, case_id)


def _outcome(task: Task, key: object) -> Outcome:
    outcome = next((outcome for outcome in task.outcomes if outcome.key == key), None)
    if outcome is None:
        raise Problem(422, "fields", errors=(FieldError(OUTCOME, NO_SUCH_OUTCOME),))
    return outcome


def _key(key: str) -> str:
    return checked_key(key) if key else ""


async def _steer(desk: Desk, case_id: CaseId, thing: str, find: Find, *, body: dict[str, Any], key: str) -> Response:
    work = await _load(desk, case_id)
    steer = find(desk, work, thing)
    require_act(desk, steer.kind, work.view)
    outcome = steer.form.outcomes[0]
    if OUTCOME in body:
        raise Problem(422, "fields", errors=(FieldError(OUTCOME, UNKNOWN_FIELD),))
    parsed = await parse(desk, work, steer.form, outcome, Given(body))
    if parsed.errors:
        raise errors_problem(desk, parsed)
    request = asked(steer, dict(parsed.codes), parsed.content, _key(key))
    return await _answer(desk, work, await send(desk, work, request), steer.item)


async def _answer(desk: Desk, work: CaseWork, answer: Answer, item: str) -> Response:
    if answer.state is AnswerState.REFUSED and answer.refused is not None:
        raise (await explain(desk, work, answer.refused, item)).problem()
    out = AnswerOut(
        state=answer.state,
        rev=answer.rev,
        submission_id=str(answer.submission_id) if answer.submission_id else None,
    )
    return JSONResponse(out.model_dump(mode="json"), 200 if answer.state is AnswerState.APPLIED else 202)
