"""A person at a browser: opens pages, fills in what is asked by its label, and nothing may go wrong unseen."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, WebError, expect

AXE = Path(__file__).parent / "axe" / "axe.min.js"
AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((v) => `${v.id}: ${v.help}\\n  ` + v.nodes.map((n) => n.html).join("\\n  "));
}"""
LEFT = "net::ERR_ABORTED"
"""What becomes of a picture on its way when the page is left."""

ANSWERED_WITH = "Failed to load resource"

Answer = str | date | datetime | tuple[str, ...]


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


class Faults:
    """What went wrong in a browser: words on the console (violations of the page's own policy come there too), errors
    of scripts, requests that failed, answers that were refused and had not to be."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self.expected: set[int] = set()
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # What the console says of an answer is judged by its status instead.
        if message.type in {"error", "warning"} and not message.text.startswith(ANSWERED_WITH):
            self.found.append(f"console: {message.text}")

    def _script(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.found.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.found.append(f"answered {response.status}: {response.request.method} {response.url}")


class Visitor:
    """One person, one browser context, one page."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.faults = Faults(page.context)

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.origin + path)

    @contextmanager
    def refused(self, status: int) -> Iterator[None]:
        """In this block a page may, and in the end must, be refused with ``status``."""
        self.faults.expected.add(status)
        with self.page.expect_response(lambda response: response.status == status):
            yield
        self.faults.expected.discard(status)

    def log_in(self, login: str, password: str) -> None:
        """Through the page, as people do."""
        self.open("/login")
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("button", name="退出登录")).to_be_visible()

    def audit(self) -> None:
        """No barrier that axe-core knows of: WCAG 2 A and AA and best practice."""
        found = self.page.evaluate(_axe() + f";({AXE_RUN})()")
        assert found == [], f"{self.page.url}\n" + "\n".join(found)

    def fill(self, answers: Mapping[str, Answer]) -> None:
        """Answer questions by their labels."""
        for label, answer in answers.items():
            self._answer(label, answer)

    def _answer(self, label: str, answer: Answer) -> None:
        name = re.compile(f"^{re.escape(label)}(（选填）|\\(optional\\))?$")
        main = self.page.get_by_role("main")
        group = main.get_by_role("group", name=name)
        if group.count():
            _choose(group, answer)
            return
        field = main.get_by_label(name)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=str(answer))
        else:
            field.fill(str(answer))

    @property
    def flash(self) -> Locator:
        """What the page says of the act before."""
        return self.page.get_by_role("status").first


def _choose(group: Locator, answer: Answer) -> None:
    if isinstance(answer, datetime):
        group.get_by_label("日期").fill(answer.date().isoformat())
        group.get_by_label("时间").fill(answer.strftime("%H:%M"))
        return
    assert not isinstance(answer, date)
    for option in (answer,) if isinstance(answer, str) else answer:
        group.get_by_label(option, exact=True).check()
