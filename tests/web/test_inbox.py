"""The inbox: what is told to whom, read marks, the badge; looking for a child; the administrator's pages; the law."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.web.case_office import CHILD, CaseOffice, enter, person
from tests.web.office import Office


@pytest.fixture(scope="module")
def cases(office: Office) -> CaseOffice:
    """One office with cases for this module."""
    return CaseOffice.over(office)


async def unread(cases: CaseOffice, login: str) -> int:
    """The number on the badge."""
    async with cases.office.browser() as browser:
        await enter(browser, login)
        soup = BeautifulSoup((await browser.get("/cases")).text, "html5lib")
    badge = soup.select_one(".sw-user .sw-count")
    return int(badge.get_text()) if badge else 0


async def test_a_missed_limit_is_told_to_the_county_and_the_badge_counts_it(cases: CaseOffice) -> None:
    before = await unread(cases, "leader1")
    case_id = await cases.file(hours_ago=26)
    await cases.tick(case_id)
    assert await unread(cases, "leader1") > before
    assert await unread(cases, "leader2") == 0
    async with cases.office.browser() as browser:
        await enter(browser, "leader1")
        page = (await browser.get("/inbox")).text
    assert "逾期" in page and await cases.number(case_id) in page and "受理" in page
    assert CHILD not in page


async def test_opening_a_message_marks_it_and_leads_to_the_case(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=26)
    await cases.tick(case_id)
    me = person("leader1").id
    query = "SELECT id FROM notice WHERE case_id = :case AND recipient = :me AND read_at IS NULL LIMIT 1"
    notice = await cases.office.scalar(query, case=case_id, me=me)
    before = await unread(cases, "leader1")
    async with cases.office.browser() as browser:
        await enter(browser, "leader1")
        answer = await browser.post(f"/inbox/{notice}/read", data={"case": str(case_id)})
        assert answer.headers["location"] == f"/cases/{case_id}"
        assert (await browser.post(f"/inbox/{notice}/read", data={"case": "//evil.example"})).status_code == 422
    assert await unread(cases, "leader1") == before - 1


async def test_nobody_marks_the_messages_of_another(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=26)
    await cases.tick(case_id)
    before = await unread(cases, "leader1")
    query = "SELECT id FROM notice WHERE recipient = :me AND read_at IS NULL LIMIT 1"
    notice = await cases.office.scalar(query, me=person("leader1").id)
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        await browser.post(f"/inbox/{notice}/read", data={"case": str(case_id)})
    assert await unread(cases, "leader1") == before


async def test_all_can_be_marked_at_once(cases: CaseOffice) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, "leader1")
        assert (await browser.post("/inbox/read", data={"x": ""})).headers["location"] == "/inbox"
        page = (await browser.get("/inbox?show=unread")).text
    assert "没有消息" in page
    assert await unread(cases, "leader1") == 0


async def test_a_full_inbox_costs_no_more_statements_than_an_empty_one(cases: CaseOffice) -> None:
    counts = []
    for login in ("leader1", "leader2"):
        async with cases.office.browser() as browser:
            await enter(browser, login)
            with cases.office.statements() as sent:
                await browser.get("/inbox")
            counts.append(len(sent))
    assert counts[0] == counts[1] <= 3


async def test_a_child_is_found_by_name_and_the_look_is_written_down_without_it(cases: CaseOffice) -> None:
    case_id = await cases.file(tokens={"name": "欧阳修远", "pinyin": "ouyangxiuyuan"})
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        page = await browser.post("/search", data={"child_name": "欧阳修远"})
        assert await cases.number(case_id) in page.text
        assert "找到 0 个个案" in (await browser.post("/search", data={"child_name": "无此姓名"})).text
    row = await cases.office.scalar(
        "SELECT object_id || action || reason || result FROM audit WHERE action = 'child.search' ORDER BY seq LIMIT 1"
    )
    assert "欧阳" not in row and row.endswith("1")


async def test_a_child_elsewhere_is_not_found(cases: CaseOffice) -> None:
    await cases.file(tokens={"name": "诸葛明月"})
    async with cases.office.browser() as browser:
        await enter(browser, "county3")
        assert "找到 0 个个案" in (await browser.post("/search", data={"child_name": "诸葛明月"})).text


async def test_a_case_is_found_by_its_number_or_a_receipt(cases: CaseOffice) -> None:
    case_id = await cases.file()
    receipt = await cases.office.scalar("SELECT receipt FROM report WHERE case_id = :id", id=case_id)
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        for number in (await cases.number(case_id), receipt, receipt.lower().replace("-", " ")):
            assert f"/cases/{case_id}" in (await browser.post("/search", data={"number": number})).text


@pytest.mark.parametrize(
    ("data", "words"),
    [({"number": ""}, "请填写姓名或编号"), ({"child_name": "王", "child_id_number": "123"}, "身份证号应为18位")],
)
async def test_a_search_that_cannot_be_made_says_why(cases: CaseOffice, data: dict[str, str], words: str) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        answer = await browser.post("/search", data=data)
    assert answer.status_code == 422 and words in answer.text


@pytest.mark.parametrize("login", ["township1", "director1", "police1", "school1", "registrar1", "admin"])
async def test_other_roles_do_not_search(cases: CaseOffice, login: str) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, login)
        assert (await browser.get("/search")).status_code == 403
        assert (await browser.post("/search", data={"child_name": CHILD})).status_code == 403


ADMIN_PAGES = {
    "/admin/people": "长春市朝阳区民政局",
    "/admin/calendar": "已知至",
    "/admin/rules": "D-02",
    "/admin/system": "待送流程引擎",
}


@pytest.mark.parametrize(("path", "words"), ADMIN_PAGES.items())
async def test_the_administrator_sees_it_and_nobody_else(cases: CaseOffice, path: str, words: str) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, "admin")
        assert words in (await browser.get(path)).text
    async with cases.office.browser() as browser:
        await enter(browser, "leader1")
        assert (await browser.get(path)).status_code == 403


async def test_people_come_in_pages_and_each_post_once(cases: CaseOffice) -> None:
    seen: list[str] = []
    path = "/admin/people"
    async with cases.office.browser() as browser:
        await enter(browser, "admin")
        while path:
            soup = BeautifulSoup((await browser.get(path)).text, "html5lib")
            seen += [cell.get_text() for cell in soup.select("td[data-label=登录名]")]
            link = soup.select_one("a[rel=next]")
            path = str(link["href"]) if link else ""
    assert len(seen) == len(set(seen)) == await cases.office.scalar("SELECT count(*) FROM post")


async def test_the_law_is_open_to_everybody_and_tells_statute_from_target(cases: CaseOffice) -> None:
    async with cases.office.browser() as browser:
        stranger = await browser.get("/law")
        await enter(browser, "county1")
        officer = await browser.get("/law")
    for page in (stranger, officer):
        assert page.status_code == 200
        assert "法定" in page.text and "内部目标" in page.text and "未成年人保护法" in page.text
    assert "退出登录" in officer.text and "退出登录" not in stranger.text


async def test_an_inbox_place_changed_by_hand_is_the_first_page(cases: CaseOffice) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, "leader1")
        for place in ("x", "WyIyMDI2IiwgIngiXQ", uuid4().hex):
            assert (await browser.get(f"/inbox?after={place}")).status_code == 200
