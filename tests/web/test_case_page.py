"""The page of one case: what it tells, what it offers to whom, what it writes down, what it never shows."""

import re
from collections.abc import Iterable
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup, Tag

from api.i18n import languages
from api.timeline import EVENTS
from domain.acts import ActKind
from store.queries.links import suggest
from tests.web.case_office import CHILD, NARRATIVE, TEACHER, CaseOffice, enter, person, program
from tests.web.office import Office

BUDGET = 8
SESSION = 1


@pytest.fixture(scope="module")
def cases(office: Office) -> CaseOffice:
    """One office with cases for this module."""
    return CaseOffice.over(office)


async def page(cases: CaseOffice, login: str, path: str, status: int = 200) -> BeautifulSoup:
    """One page as one person."""
    async with cases.office.browser() as browser:
        await enter(browser, login)
        answer = await browser.get(path)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html5lib")


def hrefs(soup: BeautifulSoup) -> list[str]:
    """Where links and forms of the page lead."""
    links = [str(tag["href"]) for tag in soup.select("main a")]
    return links + [str(tag["action"]) for tag in soup.select("main form")]


def texts(tags: Iterable[Tag]) -> list[str]:
    return [" ".join(tag.get_text().split()) for tag in tags]


async def looks(cases: CaseOffice, action: str, about: UUID) -> int:
    query = "SELECT count(*) FROM audit WHERE action = :action AND object_id = :about"
    return int(await cases.office.scalar(query, action=action, about=str(about)))


async def test_the_page_says_who_stage_clocks_and_the_next_act(cases: CaseOffice) -> None:
    case_id = await cases.file(colour="red")
    await cases.act(case_id, "county2", ActKind.CLAIM, item="accept.1.1")
    soup = await page(cases, "county1", f"/cases/{case_id}")
    said = soup.get_text()
    assert await cases.number(case_id) in said
    assert "红（高风险）" in said and "在办" in said and "强制报告" in said
    assert "王文 · 长春市朝阳区民政局" in said
    assert "内部目标" in said and "最迟" in said
    assert "收到报告，建立个案" in said


async def test_clocks_are_shown_with_the_due_instant_of_the_rules(cases: CaseOffice) -> None:
    case_id = await cases.file()
    soup = await page(cases, "county1", f"/cases/{case_id}")
    due = languages()["zh"].instant(cases.commands.worlds[case_id].clock("D-02.other").due_at)
    assert due in (soup.select_one("section[aria-labelledby=clocks]") or soup).get_text()


async def test_a_missed_limit_shows_its_true_due_instant(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=100)
    await cases.tick(case_id)
    soup = await page(cases, "county1", f"/cases/{case_id}")
    clock = cases.commands.worlds[case_id].clock("D-02.other")
    assert clock.breached_at == clock.due_at
    assert f"逾期于 {languages()['zh'].instant(clock.due_at)}" in soup.get_text()
    assert soup.select_one(".sw-timeline__item--breach") is not None


async def test_only_what_the_case_allows_is_offered(cases: CaseOffice) -> None:
    case_id = await cases.file()
    base = f"/cases/{case_id}/items/accept.1.1"
    officer = hrefs(await page(cases, "county1", f"/cases/{case_id}"))
    city = hrefs(await page(cases, "city1", f"/cases/{case_id}"))
    assert {base, f"{base}/claim", f"{base}/hold", f"/cases/{case_id}/start"} <= set(officer)
    assert f"{base}/release" not in officer
    assert not [href for href in city if href.startswith((f"{base}/", f"/cases/{case_id}/start"))]
    await cases.act(case_id, "county2", ActKind.CLAIM, item="accept.1.1")
    assert f"{base}/claim" not in hrefs(await page(cases, "county1", f"/cases/{case_id}"))
    assert f"{base}/release" in hrefs(await page(cases, "county2", f"/cases/{case_id}"))


async def test_a_clock_offers_extension_until_it_is_due(cases: CaseOffice) -> None:
    early, late = await cases.file(hours_ago=1, colour="green"), await cases.file(hours_ago=400, colour="green")
    for case_id, wanted in ((early, True), (late, False)):
        await cases.do(case_id, "county1", "accept", "accept")
        found = [href for href in hrefs(await page(cases, "county1", f"/cases/{case_id}")) if href.endswith("/extend")]
        live = cases.commands.worlds[case_id].running()
        assert bool(found) == any(clock.extendable and wanted for clock in live)


@pytest.mark.parametrize(
    "path", ["", "/records", "/links", "/process.svg", "/process.bpmn", "/start", "/items/accept.1.1"]
)
@pytest.mark.parametrize("login", ["county3", "director1", "police1", "school1", "registrar1", "admin"])
async def test_out_of_reach_is_like_unknown(cases: CaseOffice, login: str, path: str) -> None:
    case_id = await cases.file()
    async with cases.office.browser() as browser:
        await enter(browser, login)
        known = await browser.get(f"/cases/{case_id}{path}")
        unknown = await browser.get(f"/cases/{uuid4()}{path}")
        nonsense = await browser.get(f"/cases/not-an-id{path}")
    assert known.status_code == unknown.status_code == nonsense.status_code == 404
    assert _without_reference(known.text) == _without_reference(unknown.text)


def _without_reference(html: str) -> str:
    html = re.sub(r'name="csrf_token" value="[^"]*"', "", html)
    return re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}|\?lang=en", "", html)


@pytest.mark.parametrize(("path", "action"), [("", "case.read"), ("/records", "report.read"), ("/links", "case.read")])
async def test_a_look_is_written_down_and_a_refused_one_is_not_a_look(
    cases: CaseOffice, path: str, action: str
) -> None:
    case_id = await cases.file()
    await page(cases, "county1", f"/cases/{case_id}{path}")
    assert await looks(cases, action, case_id) == 1
    await page(cases, "county3", f"/cases/{case_id}{path}", 404)
    assert await looks(cases, action, case_id) == 1


async def test_without_the_audit_row_nothing_is_shown(cases: CaseOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = await cases.file()

    async def broken(*_: object) -> None:
        raise OSError("disk full")

    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        monkeypatch.setattr("api.desk.record", broken)
        answer = await browser.get(f"/cases/{case_id}/records")
    assert answer.status_code == 500
    assert CHILD not in answer.text and NARRATIVE not in answer.text


async def test_the_record_opens_what_was_reported_but_names_no_reporter(cases: CaseOffice) -> None:
    case_id = await cases.file()
    said = (await page(cases, "county1", f"/cases/{case_id}/records")).get_text()
    assert CHILD in said and NARRATIVE in said and "前进街道中心小学" in said
    assert "报告人 A" in said
    assert TEACHER not in said and "13800138000" not in said


async def test_only_the_county_sees_who_reported_and_that_is_written_down(cases: CaseOffice) -> None:
    case_id = await cases.file()
    report = await cases.office.scalar("SELECT id FROM report WHERE case_id = :id", id=case_id)
    path = f"/cases/{case_id}/reports/{report}/reporter"
    assert TEACHER in (await page(cases, "county1", path)).get_text()
    assert await looks(cases, "reporter.read", report) == 1
    await page(cases, "city1", path, 403)
    await page(cases, "county3", path, 404)
    await page(cases, "county1", f"/cases/{await cases.file()}/reports/{report}/reporter", 404)
    assert await looks(cases, "reporter.read", report) == 1


async def test_words_of_an_act_stand_in_the_record_with_author_and_office(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        await browser.post(f"/cases/{case_id}/items/accept.1.1/accept", data={"key": "a" * 20, "note": "已电话核实"})
        said = BeautifulSoup((await browser.get(f"/cases/{case_id}/records")).text, "html5lib").get_text()
        sheet = BeautifulSoup((await browser.get(f"/cases/{case_id}")).text, "html5lib")
    assert "已电话核实" in said and "郑文 · 县级民政干部 · 长春市朝阳区民政局" in said
    assert "已电话核实" not in sheet.get_text()
    assert [href for href in hrefs(sheet) if f"/cases/{case_id}/records#act-" in href]


async def test_the_page_and_its_json_hold_no_word_of_a_report(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with program(cases, "county1") as client:
        body = (await client.get(f"/api/v1/cases/{case_id}")).text + (
            await client.get(f"/api/v1/cases/{case_id}/events")
        ).text
    said = (await page(cases, "county1", f"/cases/{case_id}")).get_text()
    assert not [word for word in (CHILD, NARRATIVE, TEACHER) if word in body + said]


async def test_the_timeline_tells_person_system_and_clock_apart_newest_first(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=30)
    await cases.tick(case_id)
    await cases.do(case_id, "county1", "accept", "accept")
    soup = await page(cases, "county1", f"/cases/{case_id}")
    lines = soup.select(".sw-timeline__item")
    marks = {str(line["class"]) for line in lines}
    assert len(marks) >= 3
    assert texts(soup.select(".sw-timeline__title"))[-1] == "收到报告，建立个案"
    stamps = [str(tag["datetime"]) for tag in soup.select(".sw-timeline time")]
    assert stamps == sorted(stamps, reverse=True)


async def test_a_long_history_comes_in_pages(cases: CaseOffice) -> None:
    case_id = await cases.file()
    for _ in range(30):
        await cases.act(case_id, "county1", ActKind.CLAIM, item="accept.1.1")
        await cases.act(case_id, "county1", ActKind.RELEASE, item="accept.1.1")
    seen, path = 0, f"/cases/{case_id}"
    while path:
        soup = await page(cases, "county1", path)
        seen += len(soup.select(".sw-timeline__item"))
        link = soup.select_one("section[aria-labelledby=timeline] a[rel=next]")
        path = str(link["href"]) if link else ""
    assert seen == await cases.office.scalar("SELECT count(*) FROM case_event WHERE case_id = :id", id=case_id)


def test_every_kind_of_event_has_words_without_gaps() -> None:
    parts = dict.fromkeys(("kind", "task", "outcome", "clock", "reason", "place", "hop", "to", "fact"), "x")
    assert all(words % parts for words, _ in EVENTS.values())


async def test_the_picture_is_live_and_can_be_taken_away(cases: CaseOffice) -> None:
    case_id = await cases.file()
    soup = await page(cases, "county1", f"/cases/{case_id}")
    assert soup.select_one("svg.sw-process .is-active") is not None
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        svg = await browser.get(f"/cases/{case_id}/process.svg")
        bpmn = await browser.get(f"/cases/{case_id}/process.bpmn")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(svg.text).tag.endswith("svg")
    assert ET.fromstring(bpmn.text).tag.endswith("definitions")
    assert await looks(cases, "case.read", case_id) == 2


async def test_a_suggested_link_is_shown_at_once_and_decided_by_the_county(cases: CaseOffice) -> None:
    one, other = await cases.file(tokens={"name": "韩梅梅"}), await cases.file(tokens={"name": "韩梅梅"})
    async with cases.office.backend.db.unit_of_work() as tx:
        await suggest(tx, one)
    assert "可能是同一儿童" in (await page(cases, "county1", f"/cases/{one}")).get_text()
    soup = await page(cases, "county1", f"/cases/{one}/links")
    number = await cases.number(other)
    assert number in soup.get_text()
    assert [href for href in hrefs(soup) if href == f"/cases/{one}/items/accept.1.1/merge?case={number}"]
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        path = f"/cases/{one}/links/{other}"
        assert (await browser.post(path, data={"decision": "marry"})).status_code == 422
        assert (await browser.post(f"/cases/{one}/links/{uuid4()}", data={"decision": "dismiss"})).status_code == 404
        answer = await browser.post(path, data={"decision": "dismiss"})
        assert answer.status_code == 303
        assert "不是同一儿童" in (await browser.get(answer.headers["location"])).text
    async with cases.office.browser() as city:
        await enter(city, "city1")
        assert (await city.post(path, data={"decision": "suggest"})).status_code == 403
    assert await cases.office.scalar("SELECT count(*) FROM audit WHERE action = 'link.dismiss'") == 1


async def test_a_prefilled_merge_form_names_the_other_case(cases: CaseOffice) -> None:
    case_id = await cases.file()
    soup = await page(cases, "county1", f"/cases/{case_id}/items/accept.1.1/merge?case=220104-2026-000001")
    field = soup.select_one("#case")
    assert field is not None and field["value"] == "220104-2026-000001"
    odd = await page(cases, "county1", f"/cases/{case_id}/items/accept.1.1/merge?case=%3Cb%3E")
    blank = odd.select_one("#case")
    assert blank is not None and blank["value"] == ""


@pytest.mark.parametrize(
    "path", ["", "/records", "/links", "/items/accept.1.1", "/items/accept.1.1/transfer", "/start"]
)
async def test_no_page_of_a_case_costs_more_than_its_budget(cases: CaseOffice, path: str) -> None:
    small = await cases.file()
    large = await cases.file()
    for _ in range(25):
        await cases.act(large, "county1", ActKind.CLAIM, item="accept.1.1")
        await cases.act(large, "county1", ActKind.RELEASE, item="accept.1.1")
    for task in ("medical", "visit", "conference", "warning", "omission"):
        await cases.act(large, "county1", ActKind.START, task=task)
    await cases.act(large, "county1", ActKind.CLAIM, item="accept.1.1")
    await cases.act(small, "county1", ActKind.CLAIM, item="accept.1.1")
    counts = []
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        for case_id in (small, large):
            with cases.office.statements() as sent:
                answer = await browser.get(f"/cases/{case_id}{path}")
            assert answer.status_code == 200
            counts.append(len(sent))
    assert max(counts) + SESSION <= BUDGET, counts
    assert counts[0] == counts[1]


async def test_the_list_of_cases_narrows_counts_and_pages(cases: CaseOffice) -> None:
    closed = await cases.file(colour="green")
    async with program(cases, "county1") as client:
        everything = (await client.get("/api/v1/cases", params={"status": "all"})).json()
        green = (await client.get("/api/v1/cases", params={"colour": "green", "order": "newest"})).json()
        one = (await client.get("/api/v1/cases", params={"number": await cases.number(closed)})).json()
        bad = await client.get("/api/v1/cases", params={"after": "x", "territory": "99"})
    assert int(everything["count"]) >= len(everything["items"]) > 0
    assert str(closed) in {case["id"] for case in green["items"]}
    assert {case["colour"] for case in green["items"]} == {"green"}
    assert [case["id"] for case in one["items"]] == [str(closed)]
    assert bad.status_code == 200
    soup = await page(cases, "county1", "/cases?colour=green&order=newest")
    assert await cases.number(closed) in soup.get_text()
    assert "没有符合条件的个案" in (await page(cases, "county3", "/cases?colour=green&number=1")).get_text()


async def test_the_head_of_every_page_names_person_and_post(cases: CaseOffice) -> None:
    said = (await page(cases, "county1", "/cases")).select_one(".sw-user")
    assert said is not None
    assert person("county1").person in said.get_text() and "县级民政干部" in said.get_text()
