"""A person with a post, at the pages of a case."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Answer, Visitor

NEXT_CASE = """async ([known, patience]) => {
  const newest = async () => {
    const list = await (await fetch("/cases?status=all&order=newest")).text();
    const page = new DOMParser().parseFromString(list, "text/html");
    return page.querySelector("main tbody th a")?.getAttribute("href") ?? known;
  };
  for (const end = Date.now() + patience; Date.now() < end;) {
    const found = await newest();
    if (found !== known) return found;
  }
  throw new Error("no case has followed the report");
}"""
"""The address of the newest case of the post once it is not ``known`` any more: a case follows its receipt."""
PATIENCE_MS = 15_000


class Officer(Visitor):
    """Does the work that is asked of a post."""

    def newest_case(self) -> str:
        """The address of the case on top of the list, "" without any."""
        self.open("/cases?status=all&order=newest")
        rows = self.page.get_by_role("main").get_by_role("rowheader").get_by_role("link")
        return rows.first.get_attribute("href") or "" if rows.count() else ""

    def case_after(self, known: str) -> str:
        """The address of the case that came after the one ``known``."""
        return str(self.page.evaluate(NEXT_CASE, [known, PATIENCE_MS]))

    def line(self, case: str, task: str) -> Locator:
        """An open piece of work, as the page of the case lists it."""
        self.open(case)
        table = self.page.get_by_role("region", name="没有办完的事项")
        return table.get_by_role("row").filter(has=self._head(task)).first

    def waiting(self, case: str, task: str) -> Locator:
        """An open piece of work of a case, as the list of all work has it."""
        self.open("/tasks?whose=unclaimed")
        rows = self.page.get_by_role("main").get_by_role("row")
        return rows.filter(has=self.page.locator(f'a[href="{case}"]')).filter(has=self._head(task))

    def _head(self, task: str) -> Locator:
        return self.page.get_by_role("rowheader", name=re.compile(f"^{re.escape(task)}( |$)"))

    @property
    def _send_button(self) -> Locator:
        return self.page.get_by_role("button", name="提交", exact=True)

    def choose(self, case: str, task: str, outcome: str) -> None:
        """Open the form of one outcome, from the page of the case."""
        self.line(case, task).get_by_role("rowheader").get_by_role("link").click()
        self.pick(outcome)

    def pick(self, outcome: str) -> None:
        """Choose an outcome where there are several; where there is one, its form is open already."""
        choices = self.page.get_by_role("heading", name="办理结果")
        choices.or_(self._send_button).wait_for()
        if choices.count():
            self.page.get_by_role("main").get_by_role("link", name=outcome, exact=True).click()
            self._send_button.wait_for()

    def do(self, case: str, task: str, outcome: str = "", answers: dict[str, Answer] | None = None) -> None:
        """End a piece of work with an outcome."""
        self.choose(case, task, outcome)
        self.fill(answers or {})
        self.send()

    def link(self, case: str, task: str) -> str:
        """The address of an open piece of work."""
        return self.line(case, task).get_by_role("rowheader").get_by_role("link").get_attribute("href") or ""

    def start(self, case: str, task: str) -> None:
        """Start a piece of work that nobody asked for."""
        self.open(case)
        self.page.get_by_role("link", name="启动其他事项").click()
        self.fill({"启动的事项": task})
        self.send()

    def send(self) -> None:
        """Send the form; it takes effect."""
        self._send_button.click()
        expect(self.flash).to_have_text("已生效。")
