"""The pages work for everyone: without scripts, by keyboard, on a small phone, on a slow line, on paper, in English."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.life import HEARD_NEXT_DOOR, SEEN_AT_SCHOOL, send_report

FIRST_VISIT_BYTES = 30_000
SMALLEST = 320
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PUBLIC = ("/", "/report", "/status", "/login", "/law")
WORKING = ("/tasks", "/cases", "/inbox", "/search", "/sessions")


def test_the_first_visit_to_the_report_page_weighs_at_most_30_kb_on_the_wire(visit: Visit) -> None:
    visitor = visit(width=PHONE)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    visitor.open("/report")
    visitor.page.wait_for_load_state("networkidle")
    assert len(weights) >= 3
    assert sum(weights) <= FIRST_VISIT_BYTES


@pytest.mark.parametrize("width", [SMALLEST, PHONE])
def test_no_page_scrolls_sideways_on_a_phone(visit: Visit, width: int) -> None:
    for login, paths in (("", PUBLIC), ("county1", WORKING)):
        visitor = visit(login, width=width)
        for path in paths:
            visitor.open(path)
            assert visitor.page.evaluate(EXCESS) <= 0, path


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_page_has_a_barrier_in_either_language(visit: Visit, language: str) -> None:
    for login, paths in (("", PUBLIC), ("county1", WORKING), ("admin", ("/admin/units", "/admin/system"))):
        visitor = visit(login, language=language)
        for path in paths:
            visitor.open(f"{path}?lang={language[:2]}")
            visitor.audit()


def test_a_form_sent_empty_says_what_is_missing_and_takes_the_focus_there(visit: Visit) -> None:
    visitor = visit(width=PHONE)
    visitor.open("/report")
    with visitor.refused(422):
        visitor.page.get_by_role("button", name="提交报告").click()
    expect(visitor.page.get_by_role("alert")).to_be_focused()
    visitor.audit()


def test_a_report_can_be_filed_with_the_keyboard_alone(visit: Visit) -> None:
    visitor = visit("school1")
    visitor.open("/report")
    page = visitor.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    answered: set[str] = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        name, kind = page.evaluate("[document.activeElement.name || '', document.activeElement.type || '']")
        if kind == "submit" and not name:
            break
        if kind == "radio" and name not in answered:
            page.keyboard.press("Space")
        elif name == "narrative":
            page.keyboard.type("放学后一直没人接。")
        elif name == "reporter_phone" and not page.evaluate("document.activeElement.value"):
            page.keyboard.type("13800138000")
        answered.add(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("报告已收到")


def test_everything_works_without_scripts(visit: Visit) -> None:
    school = visit("school1", script=False)
    school.open("/report")
    school.fill({label: answer for label, answer in SEEN_AT_SCHOOL.items() if label != "什么时候发现的"})
    school.fill({"什么时候发现的": HEARD_NEXT_DOOR["什么时候发现的"]})
    slip = send_report(school)
    school.open("/status")
    school.fill({"回执号": slip.number, "查询码": slip.code})
    school.page.get_by_role("button", name="查询", exact=True).click()
    expect(school.page.get_by_role("heading", level=1)).to_be_visible()
    county = visit("county1", script=False)
    county.open("/tasks?whose=unclaimed")
    county.page.get_by_role("button", name="认领并办理").first.click()
    expect(county.flash).to_have_text("已认领。")
    county.open("/inbox")
    expect(county.page.get_by_role("heading", level=1)).to_be_visible()


def test_a_case_prints_on_paper(visit: Visit) -> None:
    county = visit("county1")
    county.open(county.newest_case())
    assert len(county.page.pdf(format="A4")) > 10_000
