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

PAGES = {403, 404, 409, 413, 422, 429, 500, 503}


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

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
