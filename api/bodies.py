"""The body of an API request, where its shape depends on more than the address."""

import json

from starlette.requests import Request

from api.forms import FORBIDDEN_CHARACTER
from api.problems import FieldError, Problem
from domain.words import N_

NOT_AN_OBJECT = N_("应为一个 JSON 对象。")


async def json_object(request: Request) -> dict[str, object]:
    """The body as a JSON object; raises Problem 400 for what is no JSON, 422 for any other value."""
    raw = await request.body()
    try:
        body = json.loads(raw)
        if b"\\ud" in raw.lower():
            json.dumps(body, ensure_ascii=False).encode()  # a lone surrogate is no text and would break an answer
    except UnicodeEncodeError:
        raise Problem(422, "fields", errors=(FieldError("", FORBIDDEN_CHARACTER),)) from None
    except (ValueError, RecursionError):
        raise Problem(400, "not_json") from None
    if not isinstance(body, dict):
        raise Problem(422, "fields", errors=(FieldError("", NOT_AN_OBJECT),))
    return body
