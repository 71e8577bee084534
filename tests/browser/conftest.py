"""The running product and browsers on it."""

import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from store.demo import DEMO_PASSWORD
from tests.browser.officer import PATIENCE_MS, Officer
from tests.browser.product import running_product

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE, DESKTOP = 360, 1280


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """The address of the product, started once for this folder."""
    with running_product() as origin:
        yield origin


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's browser. It ends with this folder: as long as it lives no other event loop can run."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "the browser tests need Chromium; `make browser` installs it"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def logins() -> dict[str, StorageState]:
    """The sessions opened so far, by login: people log in once."""
    return {}


class Visit(Protocol):
    """``visit()`` or ``visit("county1")``: a new browser context, its faults are the test's."""

    def __call__(
        self, login: str = "", *, width: int = DESKTOP, script: bool = True, language: str = "zh-CN"
    ) -> Officer: ...


@pytest.fixture
def visit(site: str, chromium: Browser, logins: dict[str, StorageState]) -> Iterator[Visit]:
    """The way to a page."""
    visitors: list[Officer] = []

    def opened(login: str = "", *, width: int = DESKTOP, script: bool = True, language: str = "zh-CN") -> Officer:
        phone = width < 600
        context = chromium.new_context(
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 740 if phone else 900},
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=script,
            storage_state=logins.get(login),
        )
        context.set_default_timeout(PATIENCE_MS)
        visitor = Officer(context.new_page(), site)
        visitors.append(visitor)
        if login and login not in logins:
            visitor.log_in(login, DEMO_PASSWORD)
            logins[login] = context.storage_state()
        return visitor

    yield opened
    for visitor in visitors:
        visitor.page.context.close()
    faults = [fault for visitor in visitors for fault in visitor.faults.found]
    assert faults == [], "\n".join(faults)
