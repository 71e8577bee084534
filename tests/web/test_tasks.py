"""My tasks: whose, in which order, how filtered, in how many statements; claim and release from the list."""

from datetime import datetime
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from domain.acts import ActKind
from tests.web.case_office import CaseOffice, enter, program, rows
from tests.web.office import Office

BUDGET = 8
SESSION = 1
"""The look-up of the login goes past the counter, on the other pool."""


@pytest.fixture(scope="module")
def cases(office: Office) -> CaseOffice:
    """One office with cases for this module."""
    return CaseOffice.over(office)


async def lines(cases: CaseOffice, login: str, query: str = "") -> list[str]:
    """The numbers of the cases in one list, in order."""
    async with cases.office.browser() as browser:
        await enter(browser, login)
        page = await browser.get(f"/tasks?{query}")
        assert page.status_code == 200
        return [row.select_one("td a.sw-number").get_text() for row in rows(page.text)]  # type: ignore[union-attr]


async def test_the_nearest_legal_time_comes_first_and_what_is_late_before_it(cases: CaseOffice) -> None:
    urgent = await cases.file(hours_ago=1, colour="red")
    late = await cases.file(hours_ago=50, colour="blue")
    calm = await cases.file(hours_ago=1, colour="green")
    numbers = [await cases.number(case_id) for case_id in (late, urgent, calm)]
    shown = await lines(cases, "county1", "whose=unclaimed")
    assert [number for number in shown if number in numbers] == numbers


async def test_the_order_of_the_list_is_that_of_its_due_instants(cases: CaseOffice) -> None:
    async with program(cases, "county1") as client:
        page = (await client.get("/api/v1/tasks")).json()
    due = [datetime.fromisoformat(item["due_at"]) for item in page["items"] if item["due_at"]]
    assert due == sorted(due)
    assert all(item["due_at"] for item in page["items"][: len(due)])


async def test_what_is_late_says_so_in_words_and_by_its_mark(cases: CaseOffice) -> None:
    await cases.file(hours_ago=60)
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        page = BeautifulSoup((await browser.get("/tasks?whose=unclaimed")).text, "html5lib")
    late = page.select_one(".sw-clock--overdue")
    assert late is not None and late.get_text().startswith("逾期")
    assert late.select_one("svg") is not None


async def test_a_limit_is_said_to_be_statutory_or_our_own_target(cases: CaseOffice) -> None:
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        text = (await browser.get("/tasks?whose=unclaimed")).text
    assert "内部目标" in text


async def test_a_post_sees_only_work_of_its_role_and_territory(cases: CaseOffice) -> None:
    case_id = await cases.file()
    number = await cases.number(case_id)
    assert number in await lines(cases, "county1", "whose=unclaimed")
    assert number not in await lines(cases, "county3", "whose=unclaimed")  # another county
    assert number not in await lines(cases, "township1", "whose=unclaimed")  # another role
    await cases.do(case_id, "county1", "accept", "accept")
    assert number in await lines(cases, "township1", "whose=unclaimed")


@pytest.mark.parametrize("login", ["school1", "registrar1", "admin"])
async def test_a_role_without_work_sees_an_empty_list(cases: CaseOffice, login: str) -> None:
    assert await lines(cases, login) == []


async def test_filters_narrow_and_keep_what_was_chosen(cases: CaseOffice) -> None:
    case_id = await cases.file(colour="green")
    number = await cases.number(case_id)
    assert number in await lines(cases, "county1", "whose=unclaimed&colour=green&task=accept&stage=report")
    assert number not in await lines(cases, "county1", "whose=unclaimed&colour=red")
    assert number not in await lines(cases, "county1", "whose=unclaimed&overdue=yes")
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        page = BeautifulSoup((await browser.get("/tasks?whose=unclaimed&colour=green")).text, "html5lib")
    assert page.select_one("#colour option[value=green][selected]") is not None


@pytest.mark.parametrize(
    "query", ["whose=x", "after=x", "after=WyJpbmZpbml0eSIsICJ4IiwgInkiXQ", "stage=%27", "colour=purple&overdue=maybe"]
)
async def test_a_query_changed_by_hand_narrows_nothing(cases: CaseOffice, query: str) -> None:
    await cases.file()
    assert await lines(cases, "county1", query)


async def test_pages_follow_each_other_without_gap_or_repeat(cases: CaseOffice) -> None:
    for _ in range(55):
        await cases.file(hours_ago=3)
    async with program(cases, "county1") as client:
        seen: list[tuple[str, str]] = []
        after = ""
        while True:
            page = (await client.get("/api/v1/tasks", params={"whose": "unclaimed", "after": after})).json()
            seen += [(item["case_id"], item["item"]) for item in page["items"]]
            if not (after := page["after"]):
                break
    assert len(seen) == len(set(seen)) > 50
    assert len(seen) == await cases.office.scalar(
        "SELECT count(*) FROM work_item WHERE status = 'open' AND holder IS NULL AND 'county_officer' = ANY(roles)"
        " AND territory LIKE '220104%'"
    )
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        first = BeautifulSoup((await browser.get("/tasks?whose=unclaimed")).text, "html5lib")
        link = first.select_one("a[rel=next]")
        assert link is not None
        second = await browser.get(str(link["href"]))
    assert rows(second.text)


async def test_one_line_and_fifty_cost_the_same_statements(cases: CaseOffice) -> None:
    counts = set()
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        for query in ("whose=unclaimed", "whose=unclaimed&colour=green"):
            with cases.office.statements() as sent:
                await browser.get(f"/tasks?{query}")
            counts.add(len(sent))
    assert len(counts) == 1
    assert counts.pop() + SESSION <= BUDGET


async def test_claim_and_work_leads_to_the_item(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        answer = await browser.post(f"/cases/{case_id}/items/accept.1.1/claim", data={"next": "work"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/cases/{case_id}/items/accept.1.1"
        assert "已认领" in (await browser.get(answer.headers["location"])).text
    assert await cases.number(case_id) in await lines(cases, "county1", "whose=mine")
    assert await cases.number(case_id) in await lines(cases, "county2", "whose=others")


async def test_of_two_who_claim_the_second_is_told_who_was_first_and_since_when(cases: CaseOffice) -> None:
    case_id = await cases.file()
    claim = f"/cases/{case_id}/items/accept.1.1/claim"
    async with cases.office.browser() as first, cases.office.browser() as second:
        await enter(first, "county1")
        await enter(second, "county2")
        assert (await first.post(claim, data={"next": "tasks"})).status_code == 303
        late = await second.post(claim, data={"next": "tasks"})
    assert late.status_code == 409
    assert "正由别人办理" in late.text
    assert "郑文" in late.text  # a colleague of the same office is named
    assert "起" in late.text


async def test_release_gives_the_item_back(cases: CaseOffice) -> None:
    case_id = await cases.file(colour="red")
    await cases.act(case_id, "county1", ActKind.CLAIM, item="accept.1.1")
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        answer = await browser.post(f"/cases/{case_id}/items/accept.1.1/release", data={"next": "tasks"})
        assert answer.headers["location"] == "/tasks"
    assert await cases.number(case_id) in await lines(cases, "county2", "whose=unclaimed&colour=red")


async def test_claim_is_refused_while_the_engine_is_away(cases: CaseOffice) -> None:
    case_id = await cases.file()
    cases.commands.away = True
    try:
        async with cases.office.browser() as browser, program(cases, "county1") as client:
            await enter(browser, "county1")
            page = await browser.post(f"/cases/{case_id}/items/accept.1.1/claim", data={"next": "tasks"})
            answer = await client.post(f"/api/v1/cases/{case_id}/items/accept.1.1/claim")
    finally:
        cases.commands.away = False
    assert page.status_code == answer.status_code == 503
    assert "认领和退领没有执行" in page.text


async def test_a_redirect_leads_nowhere_else(cases: CaseOffice) -> None:
    case_id: UUID = await cases.file()
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        answer = await browser.post(f"/cases/{case_id}/items/accept.1.1/claim", data={"next": "//evil.example"})
    assert answer.headers["location"] == f"/cases/{case_id}"
