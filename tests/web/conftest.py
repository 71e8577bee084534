"""Every page that any test loads is checked: valid HTML5, language, one heading, labels, ids, no inline code."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import html5lib
import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI

ORIGIN = "http://testserver"
INLINE = ("script:not([src])", "style", "[style]", "[href^='javascript:']")


def page_faults(html: str) -> list[str]:
    """Everything wrong with one page, in words; empty when it is good."""
    faults: list[str] = []
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except html5lib.html5parser.ParseError as error:
        faults.append(f"not valid HTML5: {error}")
    page = BeautifulSoup(html, "html5lib")
    root = page.find("html")
    if not isinstance(root, Tag) or root.get("lang") not in {"zh-CN", "en"}:
        faults.append("html has no lang of ours")
    if len(page.find_all("h1")) != 1:
        faults.append(f"{len(page.find_all('h1'))} h1 headings")
    title = page.title.get_text() if page.title else ""
    if not title.split(" · ")[0].strip():
        faults.append("no title of its own")
    faults += _inline(page) + _ids(page) + _forms(page)
    if any(mark in html for mark in ("{{", "{%", "N_(", "Undefined", "None</")):
        faults.append("template code or a missing value shows on the page")
    return faults


def _inline(page: BeautifulSoup) -> list[str]:
    found = [f"inline code: {selector}" for selector in INLINE if page.select_one(selector)]
    handlers = [
        f"handler {name} on {tag.name}" for tag in page.find_all(True) for name in tag.attrs if name[:2] == "on"
    ]
    return found + handlers


def _ids(page: BeautifulSoup) -> list[str]:
    ids = Counter(str(tag["id"]) for tag in page.select("[id]"))
    twice = [f"id {name} is used {count} times" for name, count in ids.items() if count > 1]
    pointers = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
    lost = [
        f"{attribute} points to {name}, which is not there"
        for attribute in pointers
        for tag in page.select(f"[{attribute}]")
        for name in str(tag[attribute] if attribute == "for" else " ".join(_words(tag[attribute]))).split()
        if name not in ids
    ]
    anchors = [str(link["href"])[1:] for link in page.select("a[href^='#']")]
    return twice + lost + [f"link to #{name}, which is not there" for name in anchors if name not in ids]


def _words(value: Any) -> list[str]:
    return value if isinstance(value, list) else str(value).split()


def _forms(page: BeautifulSoup) -> list[str]:
    faults = [f"form without {name}" for name in ("action", "method") for _ in page.select(f"form:not([{name}])")]
    for form in page.select("form[method=post]"):
        if not form.select_one("input[name=csrf_token]"):
            faults.append(f"form to {form.get('action')} has no csrf_field")
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for field in page.select("input, select, textarea"):
        if field.get("type") in {"hidden", "submit"}:
            continue
        if str(field.get("id")) not in labelled and not field.get("aria-label"):
            faults.append(f"{field.name} {field.get('name')} has no label")
        if not field.get("name"):
            faults.append(f"{field.name} {field.get('id')} has no name")
    return faults


@pytest.fixture
def check_page() -> Callable[[str], None]:
    """Fails with the list of what is wrong with a page."""

    def check(html: str) -> None:
        faults = page_faults(html)
        assert not faults, "\n".join(faults)

    return check


class OpenBrowser(Protocol):
    """``async with open_browser(app) as browser``: a client whose every HTML answer is checked."""

    def __call__(self, app: FastAPI, **options: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@pytest.fixture
def open_browser(check_page: Callable[[str], None]) -> OpenBrowser:
    """A browser on one app: says ``Sec-Fetch-Site: same-origin`` as browsers do, keeps cookies, checks each page."""

    async def inspect(response: httpx.Response) -> None:
        if response.headers.get("content-type", "").startswith("text/html"):
            await response.aread()
            check_page(response.text)

    @asynccontextmanager
    async def opened(app: FastAPI, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"sec-fetch-site": "same-origin", "accept": "text/html"} | options.pop("headers", {})
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers, event_hooks={"response": [inspect]}, **options
        ) as client:
            yield client

    return opened
