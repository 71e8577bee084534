"""Browsers for web tests. Every page that any test loads through them is checked (see pages.py)."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import httpx
import pytest
from fastapi import FastAPI

from tests.web.office import office  # noqa: F401 - a fixture
from tests.web.pages import page_faults

ORIGIN = "http://testserver"


@pytest.fixture
def check_page() -> Callable[[str], None]:
    """Fails with the list of what is wrong with a page."""

    def check(html: str) -> None:
        faults = page_faults(html)
        assert not faults, "\n".join(faults)

    return check


class OpenBrowser(Protocol):
    """``async with open_browser(app) as browser``: keeps cookies, posts from its own site, checks each page.

    ``headers`` are added to those of a browser; a value of "" takes one away.
    """

    def __call__(
        self, app: FastAPI, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@pytest.fixture
def open_browser(check_page: Callable[[str], None]) -> OpenBrowser:
    """The way to load pages of one app."""

    async def inspect(response: httpx.Response) -> None:
        if response.headers.get("content-type", "").startswith("text/html"):
            await response.aread()
            check_page(response.text)

    @asynccontextmanager
    async def opened(app: FastAPI, headers: Mapping[str, str] | None = None) -> AsyncIterator[httpx.AsyncClient]:
        sent = {"sec-fetch-site": "same-origin", "accept": "text/html"} | dict(headers or {})
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url=ORIGIN,
            headers={name: value for name, value in sent.items() if value},
            event_hooks={"response": [inspect]},
        ) as client:
            yield client

    return opened
