"""Turns every refusal and failure into its answer: problem+json for programs, a page for people."""

from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.i18n import language_of
from api.problems import Problem, from_http, from_validation, is_api, request_id_of
from api.templating import pages_of
from domain.words import N_
from store.errors import DatabaseUnavailable, DiscoveredTooLate, IdempotencyConflict, StoreError

STORE_PROBLEMS: dict[type[StoreError], tuple[int, str, str]] = {
    DatabaseUnavailable: (503, "database", N_("数据库暂时没有响应，没有保存。请过几分钟再试，已填的内容还在。")),
    IdempotencyConflict: (409, "idempotency", N_("同一个提交标识已经用于另一份内容，这一次没有保存。")),
    DiscoveredTooLate: (422, "discovered_too_late", N_("发现时间不能晚于报告时间。")),
}
"""What the store refuses on purpose, by any handler: status, kind, words."""

PAGES = {403, 404, 409, 413, 422, 429, 500, 503}


def from_store(error: StoreError) -> Problem:
    """A refusal of the store as a problem."""
    status, kind, words = STORE_PROBLEMS[type(error)]
    return Problem(status, kind, words)


def answer_problem(request: Request, problem: Problem) -> Response:
    """The answer to ``problem``, in the reader's language."""
    if is_api(request):
        document = problem.document(language_of(request), request_id_of(request))
        return JSONResponse(document, problem.status, dict(problem.headers), media_type="application/problem+json")
    name = f"errors/{problem.status}.html" if problem.status in PAGES else "errors/other.html"
    reference = request_id_of(request)[:12].upper()
    context = {"problem": problem, "reference": "-".join(reference[n : n + 4] for n in (0, 4, 8))}
    return pages_of(request).response(request, name, context, problem.status, problem.headers)


def install(app: FastAPI) -> None:
    """Register the handlers; what they do not catch is answered by the outermost middleware."""

    async def on_problem(request: Request, error: Exception) -> Response:
        return answer_problem(request, cast("Problem", error))

    async def on_http(request: Request, error: Exception) -> Response:
        refusal = cast("HTTPException", error)
        if refusal.status_code < 400:
            return Response(status_code=refusal.status_code, headers=refusal.headers)
        return answer_problem(request, from_http(refusal))

    async def on_validation(request: Request, error: Exception) -> Response:
        return answer_problem(request, from_validation(cast("RequestValidationError", error)))

    async def on_store(request: Request, error: Exception) -> Response:
        return answer_problem(request, from_store(cast("StoreError", error)))

    app.add_exception_handler(Problem, on_problem)
    for kind in STORE_PROBLEMS:
        app.add_exception_handler(kind, on_store)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
