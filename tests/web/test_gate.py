"""The gate before every route: whose request it is, how long it may be, what it may be made of."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message

from tests.web.conftest import OpenBrowser
from tests.web.shell_app import shell_app

FORM = {"content-type": "application/x-www-form-urlencoded"}
NO_WORD = {"sec-fetch-site": ""}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
async def bare(open_browser: OpenBrowser) -> AsyncIterator[httpx.AsyncClient]:
    """A client that says nothing about where it comes from, as an old WebView does."""
    async with open_browser(shell_app(), headers=NO_WORD) as client:
        yield client


async def token_of(client: httpx.AsyncClient) -> str:
    found = TOKEN.search((await client.get("/gallery")).text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": ""}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://shouwang.example:8443"}, 200),
        ({"origin": "https://shouwang.example"}, 403),
        ({"origin": "https://testserver"}, 403),
        ({"origin": "http://testserver:81"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_a_form_post_passes_only_from_our_own_origin(
    bare: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    response = await bare.post("/echo-length", content=b"a=1", headers=FORM | headers)
    assert response.status_code == status


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded"])
async def test_every_encoding_of_a_foreign_form_needs_a_token(bare: httpx.AsyncClient, kind: str) -> None:
    response = await bare.post("/echo-length", content=b"a=1", headers={"content-type": kind})
    assert response.status_code == 403


async def test_a_silent_browser_passes_with_the_token_of_its_form_cookie(bare: httpx.AsyncClient) -> None:
    token = await token_of(bare)
    assert (await bare.post("/echo-length", data={"csrf_token": token})).status_code == 200
    assert (await bare.post("/echo-length", content=b"", headers=FORM | {"x-csrf-token": token})).status_code == 200


async def test_tokens_are_masked_anew_and_the_older_one_still_passes(bare: httpx.AsyncClient) -> None:
    first, second = await token_of(bare), await token_of(bare)
    assert first != second
    assert (await bare.post("/echo-length", data={"csrf_token": first})).status_code == 200


async def test_the_token_of_another_session_is_refused(bare: httpx.AsyncClient) -> None:
    bare.cookies.set("sw_session", "mine")
    mine = await token_of(bare)
    assert (await bare.post("/echo-length", data={"csrf_token": mine})).status_code == 200
    bare.cookies.set("sw_session", "another")
    assert (await bare.post("/echo-length", data={"csrf_token": mine})).status_code == 403


async def test_a_token_from_before_login_is_refused_after_it(bare: httpx.AsyncClient) -> None:
    token = await token_of(bare)
    bare.cookies.set("sw_session", "mine")
    assert (await bare.post("/echo-length", data={"csrf_token": token})).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "QUFB" * 30])
async def test_a_made_up_token_is_refused(bare: httpx.AsyncClient, token: str) -> None:
    await token_of(bare)
    assert (await bare.post("/echo-length", data={"csrf_token": token})).status_code == 403


async def test_a_silent_api_call_needs_a_token_only_with_our_session_cookie(bare: httpx.AsyncClient) -> None:
    body = {"name": "a", "colour": "red"}
    assert (await bare.post("/api/notes", json=body)).status_code == 200
    bare.cookies.set("sw_session", "mine")
    assert (await bare.post("/api/notes", json=body)).status_code == 403
    bearer = {"authorization": "Bearer t"}
    assert (await bare.post("/api/notes", json=body, headers=bearer)).status_code == 200
    assert (await bare.post("/echo-length", json=body, headers=bearer)).status_code == 403


@pytest.mark.parametrize(("size", "status"), [(1_048_575, 200), (1_048_576, 200), (1_048_577, 413)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_the_body_limit_is_exact_with_and_without_a_length(
    bare: httpx.AsyncClient, size: int, status: int, *, chunked: bool
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield b"x" * min(65_536, size - start)

    headers = {"sec-fetch-site": "same-origin", "content-type": "application/octet-stream"}
    response = await bare.post("/echo-length", content=pieces() if chunked else b"x" * size, headers=headers)
    assert response.status_code == status
    if status == 200:
        assert response.json() == {"length": size}
    else:
        assert response.headers["connection"] == "close"


async def test_half_a_body_never_reaches_a_handler() -> None:
    sent: list[Message] = []
    messages: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b"a=1&", "more_body": True},
    ]
    headers = [(b"host", b"testserver"), (b"sec-fetch-site", b"same-origin")]
    scope = {"type": "http", "method": "POST", "path": "/echo-length", "query_string": b"", "headers": headers}

    async def receive() -> Message:
        return messages.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    await shell_app()(scope, receive, send)
    assert not sent


@pytest.mark.parametrize("length", ["-1", "1e3", "９"])
async def test_a_length_that_is_no_number_is_refused(bare: httpx.AsyncClient, length: str) -> None:
    headers = [(b"content-length", length.encode()), (b"sec-fetch-site", b"same-origin")]
    assert (await bare.post("/echo-length", headers=headers)).status_code == 400


@pytest.mark.parametrize("address", ["/gallery?a=%00", "/gal%00lery"])
async def test_nul_in_the_address_is_refused(bare: httpx.AsyncClient, address: str) -> None:
    assert (await bare.get(address)).status_code == 400


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"name":"a","colour":"red"}', 200),
        ("application/json; charset=UTF-8", b'{"name":"a","colour":"red"}', 200),
        ("application/json; charset=gbk", b'{"name":"a","colour":"red"}', 415),
        ("text/html", b"{}", 415),
        ("", b"{}", 415),
        (";;", b"{}", 415),
        ("application/json", b'{"name":"\xff"}', 400),
        ("application/json", b"{", 400),
        ("application/json", b"", 422),
        ("application/json", b"[]", 422),
        ("application/json", '{"name":"\U0001f476𠮷","colour":"red"}'.encode(), 200),
        ("application/json", b'{"name":"\\ud800","colour":"red"}', 422),
    ],
)
async def test_the_api_takes_json_in_utf8_only(bare: httpx.AsyncClient, kind: str, body: bytes, status: int) -> None:
    headers = {"sec-fetch-site": "same-origin"} | ({"content-type": kind} if kind else {})
    response = await bare.post("/api/notes", content=body, headers=headers)
    assert response.status_code == status
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
