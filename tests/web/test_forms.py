"""The one parser of posted forms and the state it makes."""

import pytest
from starlette.requests import Request
from starlette.types import Message

from api.forms import MAX_FIELDS, FormState, read_form
from api.problems import Problem

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def posted(body: bytes, kind: str = URLENCODED) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, "app": None}
    return Request(scope, receive)


def part(name: str, value: bytes, extra: str = "") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + value + b"\r\n"


async def test_values_are_kept_as_typed() -> None:
    form = await read_form(posted(b"what=+a%0D%0Ab+&signs=x&signs=y&none=&name=%F0%A0%AE%B7"))
    assert form.values == {"what": " a\r\nb ", "signs": ["x", "y"], "none": "", "name": "𠮷"}
    assert form.value("what") == " a\r\nb "
    assert form.value("signs") == "x"
    assert form.chosen("signs") == ["x", "y"]
    assert form.chosen("none") == []
    assert form.value("missing") == ""
    assert form.ok


async def test_multipart_text_is_read_the_same_way() -> None:
    form = await read_form(posted(part("name", "王小明".encode()) + part("name", b"") + b"--b--\r\n", MULTIPART))
    assert form.values == {"name": ["王小明", ""]}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=%FF", URLENCODED, 400),
        (b"a=\xe7\x8e\x8b", URLENCODED, 400),
        (b"&".join([b"a=1"] * (MAX_FIELDS + 1)), URLENCODED, 400),
        (b"a=%00", URLENCODED, 422),
        (b"%00=a", URLENCODED, 422),
        (part("a", b"\xff") + b"--b--\r\n", MULTIPART, 400),
        (part("a", b"x\x00") + b"--b--\r\n", MULTIPART, 422),
        (part("a", b"x", '; filename="f"') + b"--b--\r\n", MULTIPART, 400),
        (part("a", b"1") * (MAX_FIELDS + 1) + b"--b--\r\n", MULTIPART, 400),
        (b"nonsense", MULTIPART, 400),
        (b"x", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (b"a=1", "", 415),
    ],
)
async def test_what_cannot_be_read_or_stored_is_refused_in_words(body: bytes, kind: str, status: int) -> None:
    with pytest.raises(Problem) as refused:
        await read_form(posted(body, kind))
    assert refused.value.status == status


async def test_the_field_with_nul_is_named() -> None:
    with pytest.raises(Problem) as refused:
        await read_form(posted(b"ok=1&what=a%00b"))
    assert [error.field for error in refused.value.errors] == ["what"]


async def test_exactly_the_greatest_number_of_fields_passes() -> None:
    form = await read_form(posted(b"&".join([b"a=1"] * MAX_FIELDS)))
    assert len(form.chosen("a")) == MAX_FIELDS


def test_the_first_error_of_a_field_stays() -> None:
    form = FormState()
    form.refuse("what", "first")
    form.refuse("what", "second")
    assert form.errors == {"what": "first"}
    assert not form.ok
