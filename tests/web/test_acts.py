"""Acting on a case by form and by JSON: done, stored for later, refused with the reason; what was typed is kept."""

from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup

from api.pages.steering import router as steering
from api.refusals import STATUS, WORDS
from api.small_acts import EXTEND, HOLD, PART
from domain.acts import ActKind, RefusalCode
from domain.protection import PROTECTION
from tests.web.case_office import CaseOffice, anyone, enter, program
from tests.web.office import Office

ACCEPT = "/items/accept.1.1"


@pytest.fixture(scope="module")
def cases(office: Office) -> CaseOffice:
    """One office with cases for this module."""
    return CaseOffice.over(office)


async def post(cases: CaseOffice, login: str, path: str, **data: str | list[str]) -> httpx.Response:
    """One form posted by one person; the page after a redirect is the answer's ``next_request`` not followed."""
    async with cases.office.browser() as browser:
        await enter(browser, login)
        return await browser.post(path, data={"key": uuid4().hex, **data})


async def item_status(cases: CaseOffice, case_id: object, item: str) -> str:
    query = "SELECT status || ':' || outcome FROM work_item WHERE case_id = :case AND id = :item"
    return str(await cases.office.scalar(query, case=case_id, item=item))


# By form.


async def test_an_outcome_takes_effect_and_leads_back_to_the_case(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        form = BeautifulSoup((await browser.get(f"/cases/{case_id}{ACCEPT}/accept")).text, "html5lib")
        key = str(form.select_one("input[name=key]")["value"])  # type: ignore[index]
        answer = await browser.post(f"/cases/{case_id}{ACCEPT}/accept", data={"key": key, "note": "已电话核实"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}")
        assert "已生效" in (await browser.get(f"/cases/{case_id}")).text
    assert await item_status(cases, case_id, "accept.1.1") == "done:accept"


async def test_words_are_sealed_and_only_codes_reach_the_case(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await post(
        cases,
        "county1",
        f"/cases/{case_id}{ACCEPT}/transfer",
        territory="220102001",
        why="place",
        note="孩子住在奶奶家",
    )
    event = await cases.office.scalar(
        "SELECT codes::text FROM case_event WHERE case_id = :id AND kind = 'item.done' AND task = 'accept'", id=case_id
    )
    stored = await cases.office.scalar("SELECT codes::text FROM submission WHERE case_id = :id", id=case_id)
    assert "220102001" in event and "place" in stored
    assert "奶奶" not in event + stored


async def test_the_same_form_posted_twice_is_one_act(cases: CaseOffice) -> None:
    case_id = await cases.file()
    key = uuid4().hex
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        answers = [
            await browser.post(f"/cases/{case_id}{ACCEPT}/accept", data={"key": key, "note": "一次"}) for _ in range(2)
        ]
    assert answers[0].status_code == 303
    assert await cases.office.scalar("SELECT count(*) FROM submission WHERE case_id = :id", id=case_id) == 1


async def test_what_is_missing_is_named_and_what_was_typed_is_kept(cases: CaseOffice) -> None:
    case_id = await cases.file()
    answer = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/screen_out", reason="与派出所核对过")
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html5lib")
    assert soup.title is not None and soup.title.get_text().startswith("错误：")
    assert "请选择不予受理的原因" in answer.text and "与派出所核对过" in answer.text
    assert await item_status(cases, case_id, "accept.1.1") == "open:"


@pytest.mark.parametrize("name", ["colour", "territory", "situation"])
async def test_a_field_of_another_form_is_refused(cases: CaseOffice, name: str) -> None:
    case_id = await cases.file()
    answer = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/accept", **{name: "x"})
    assert answer.status_code == 422 and "没有这个字段" in answer.text


async def test_a_step_button_changes_the_form_and_sends_nothing(cases: CaseOffice) -> None:
    case_id = await cases.file()
    data = {"step": "places:territory", "territory_county": "220102", "why": "moved", "note": "写了一半"}
    answer = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/transfer", **data)
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.text, "html5lib")
    assert soup.select_one("#territory option[value='220102001']") is not None
    assert soup.select_one("input[name=why][value=moved][checked]") is not None and "写了一半" in answer.text
    assert await cases.office.scalar("SELECT count(*) FROM submission WHERE case_id = :id", id=case_id) == 0


async def test_while_the_engine_is_away_an_act_is_kept_for_later(cases: CaseOffice) -> None:
    case_id = await cases.file()
    cases.commands.away = True
    try:
        async with cases.office.browser() as browser:
            await enter(browser, "county1")
            answer = await browser.post(f"/cases/{case_id}{ACCEPT}/accept", data={"key": uuid4().hex})
            page = await browser.get(answer.headers["location"])
        async with program(cases, "county1") as client:
            later = await client.post(f"/api/v1/cases/{case_id}/items/accept.1.1/hold", json={"reason": "等待核实"})
    finally:
        cases.commands.away = False
    assert answer.status_code == 303
    assert "已保存，待生效" in page.text and "有 1 项办理已保存、待生效" in page.text
    assert (later.status_code, later.json()["state"]) == (202, "pending")


async def test_held_by_another_says_who_and_keeps_what_was_typed(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.act(case_id, "county2", ActKind.CLAIM, item="accept.1.1")
    answer = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/accept", note="写好的说明")
    assert answer.status_code == 409
    assert "正由别人办理" in answer.text and "王文" in answer.text and "写好的说明" in answer.text
    assert "自 20" in answer.text


async def test_a_moved_on_item_says_so(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.do(case_id, "county2", "accept", "accept")
    answer = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/accept")
    assert answer.status_code == 409 and "已经办结" in answer.text and "王文" in answer.text
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        page = await browser.get(f"/cases/{case_id}{ACCEPT}/accept")
    assert page.status_code == 409


async def test_a_form_refused_once_can_be_sent_again_when_the_way_is_free(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.act(case_id, "county2", ActKind.CLAIM, item="accept.1.1")
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        path, first = f"/cases/{case_id}{ACCEPT}/accept", uuid4().hex
        refused = await browser.post(path, data={"key": first, "note": "同一份"})
        await cases.act(case_id, "county2", ActKind.RELEASE, item="accept.1.1")
        key = BeautifulSoup(refused.text, "html5lib").select_one("input[name=key]")
        assert key is not None and key["value"] != first
        assert (await browser.post(path, data={"key": str(key["value"]), "note": "同一份"})).status_code == 303


async def test_closing_with_work_left_lists_what_is_open(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.do(case_id, "county1", "accept", "accept")
    await cases.act(case_id, "county1", ActKind.START, task="propose_close")
    path = f"/cases/{case_id}/items/propose_close.1.1"
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        chooser = await browser.get(path)
        answer = await browser.post(f"{path}/propose", data={"key": uuid4().hex, "why": "safe", "finding": "都好"})
    assert "现场核查" in chooser.text and "还不能结案" in chooser.text
    assert answer.status_code == 409
    assert "现场核查" in answer.text and f"/cases/{case_id}/items/onsite_check.1.1" in answer.text


async def test_a_second_person_is_told_before_and_after(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.do(case_id, "county1", "accept", "screen_out", why="no_harm")
    path = f"/cases/{case_id}/items/screen_out_review.1.1"
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        assert "必须由另一个人办理" in (await browser.get(path)).text
        mine = await browser.post(f"{path}/confirm", data={"key": uuid4().hex, "reason": "同意"})
    assert mine.status_code == 409 and "必须由另一个人办理" in mine.text
    assert (await post(cases, "leader1", f"{path}/confirm", reason="同意")).status_code == 303


@pytest.mark.parametrize("login", ["city1", "police1"])
async def test_another_role_may_not_do_it(cases: CaseOffice, login: str) -> None:
    case_id = await cases.file(police="yes")
    answer = await post(cases, login, f"/cases/{case_id}{ACCEPT}/accept")
    assert answer.status_code in {403, 404}
    assert await item_status(cases, case_id, "accept.1.1") == "open:"


@pytest.mark.parametrize("path", ["/items/accept.1.1/hug", "/items/report.1.1/received", "/items/none.1.1/accept"])
async def test_what_is_not_declared_is_not_there(cases: CaseOffice, path: str) -> None:
    case_id = await cases.file()
    expected = {409} if "report" in path else {404}  # the report has been received already
    assert (await post(cases, "county1", f"/cases/{case_id}{path}")).status_code in expected


async def test_hold_resume_start_extend_by_form(cases: CaseOffice) -> None:
    case_id = await cases.file(colour="green", hours_ago=0.5)
    assert (await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/hold")).status_code == 422
    assert (await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/hold", reason="等待户籍核实")).status_code == 303
    held = await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/accept")
    assert held.status_code == 409 and "已经挂起" in held.text
    assert (await post(cases, "county1", f"/cases/{case_id}{ACCEPT}/resume")).status_code == 303
    assert (await post(cases, "county1", f"/cases/{case_id}/start", task="conference")).status_code == 303
    assert await item_status(cases, case_id, "conference.1.1") == "open:"
    again = await post(cases, "county1", f"/cases/{case_id}/start", task="conference")
    assert again.status_code == 422  # it is no longer among what may be started


async def test_an_extension_is_asked_for_and_answered_one_level_up(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=1)
    for task, outcome, login in (
        ("accept", "accept", "county1"),
        ("onsite_check", "no_danger", "township1"),
        ("safety_decision", "safe", "county1"),
        ("grading", "graded", "county1"),
    ):
        await cases.do(case_id, login, task, outcome, **({"colour": "green"} if task == "grading" else {}))
    clock = next(clock for clock in cases.commands.worlds[case_id].running() if clock.extendable)
    path = f"/cases/{case_id}/clocks/{clock.id}/extend"
    assert (await post(cases, "county1", path, reason="评估人员出差")).status_code == 303
    refused = await post(cases, "county1", path, reason="再来")
    assert refused.status_code == 409 and "已经有人提出" in refused.text
    due = clock.due_at
    answer = await post(cases, "leader1", f"/cases/{case_id}/items/extension_county.1.1/approve", reason="同意")
    assert answer.status_code == 303
    assert cases.commands.worlds[case_id].case.state.clocks[clock.id].due_at > due


async def test_a_clock_without_legal_grounds_cannot_be_stopped(cases: CaseOffice) -> None:
    case_id = await cases.file(hours_ago=0.5)
    clock = cases.commands.worlds[case_id].running()[0]
    assert not clock.stop_reasons
    answer = await post(cases, "county1", f"/cases/{case_id}/clocks/{clock.id}/stop", ground="whim", reason="想停")
    assert answer.status_code == 422
    assert (await post(cases, "county1", f"/cases/{case_id}/clocks/none/stop", ground="x")).status_code == 404
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        assert (await browser.get(f"/cases/{case_id}/clocks/{clock.id}/stop")).status_code == 422
    restart = await post(cases, "county1", f"/cases/{case_id}/clocks/{clock.id}/restart")
    assert restart.status_code == 409


async def test_merge_and_part(cases: CaseOffice) -> None:
    one, other = await cases.file(), await cases.file()
    number = await cases.number(other)
    stranger = await post(cases, "county1", f"/cases/{one}{ACCEPT}/merge", case="220104-2026-999999", reason="同一孩子")
    assert stranger.status_code == 422 and "没有找到这个编号的个案" in stranger.text
    itself = await post(cases, "county1", f"/cases/{one}{ACCEPT}/merge", case=await cases.number(one), reason="x")
    assert itself.status_code == 422
    assert (
        await post(cases, "county1", f"/cases/{one}{ACCEPT}/merge", case=number, reason="同一孩子")
    ).status_code == 303
    async with cases.office.browser() as browser:
        await enter(browser, "county1")
        page = await browser.get(f"/cases/{one}")
        assert "已并入另一个案" in page.text and f"/cases/{one}/part" in page.text
        assert await cases.number(one) in (await browser.get(f"/cases/{other}/links")).text
    assert (await post(cases, "county1", f"/cases/{one}/part", reason="弄错了")).status_code == 303
    assert await cases.office.scalar("SELECT status FROM cases WHERE id = :id", id=one) == "open"


# By JSON.


async def test_json_ends_an_item_and_says_the_revision(cases: CaseOffice) -> None:
    case_id, key = await cases.file(), {"idempotency-key": uuid4().hex}
    async with program(cases, "county1") as client:
        url = f"/api/v1/cases/{case_id}/items/accept.1.1/act"
        answer = await client.post(url, json={"outcome": "accept", "note": "好"}, headers=key)
        again = await client.post(url, json={"outcome": "accept", "note": "好"}, headers=key)
        other = await client.post(url, json={"outcome": "accept", "note": "别"}, headers=key)
    assert answer.status_code == 200
    assert answer.json()["state"] == "applied" and answer.json()["rev"] > 1
    assert again.json()["submission_id"] == answer.json()["submission_id"]
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["outcome"]),
        ({"outcome": "hug"}, ["outcome"]),
        ({"outcome": ["accept"]}, ["outcome"]),
        ({"outcome": "accept", "colour": "red"}, ["colour"]),
        ({"outcome": "transfer"}, ["territory", "why"]),
        ({"outcome": "transfer", "territory": "2201", "why": "place"}, ["territory"]),
        ({"outcome": "transfer", "territory": "999999999", "why": "place"}, ["territory"]),
        ({"outcome": "merge", "case": "\x00", "reason": "x"}, ["case"]),
        ({"outcome": "merge", "case": 5, "reason": "x"}, ["case"]),
        ({"outcome": "accept", "note": "\x00"}, ["note"]),
        ({"outcome": "accept", "note": "x" * 2001}, ["note"]),
    ],
)
async def test_json_that_cannot_be_taken_names_its_fields(
    cases: CaseOffice, body: dict[str, object], fields: list[str]
) -> None:
    case_id = await cases.file()
    async with program(cases, "county1") as client:
        answer = await client.post(f"/api/v1/cases/{case_id}/items/accept.1.1/act", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert all(error["reason"] for error in answer.json()["errors"])


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"{", 400), (b"[]", 422), (b'"x"', 422), (b'{"outcome": "\\ud800"}', 422), (b'{"\\ud800": 1}', 422), (b"", 400)],
)
async def test_bodies_that_are_no_object_are_refused(cases: CaseOffice, raw: bytes, status: int) -> None:
    case_id = await cases.file()
    async with program(cases, "county1") as client:
        answer = await client.post(
            f"/api/v1/cases/{case_id}/items/accept.1.1/act", content=raw, headers={"content-type": "application/json"}
        )
    assert answer.status_code == status


async def test_json_refusal_says_code_holder_and_since(cases: CaseOffice) -> None:
    case_id = await cases.file()
    await cases.act(case_id, "county2", ActKind.CLAIM, item="accept.1.1")
    async with program(cases, "county1") as client, program(cases, "centre1") as stranger:
        url = f"/api/v1/cases/{case_id}/items/accept.1.1"
        mate = (await client.post(f"{url}/act", json={"outcome": "accept"})).json()
        other = (await stranger.post(f"{url}/claim")).json()
    assert (mate["status"], mate["code"], mate["holder"]) == (409, "held_by_other", "王文 · 长春市朝阳区民政局")
    assert mate["since"]
    assert other["holder"] == "长春市朝阳区民政局"  # another office learns the office, not the person


async def test_json_of_a_foreign_case_is_not_found(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with program(cases, "county3") as client:
        for path in ("", "/events"):
            assert (await client.get(f"/api/v1/cases/{case_id}{path}")).status_code == 404
        for path, body in (
            ("/items/accept.1.1/act", {"outcome": "accept"}),
            ("/start", {"task": "visit"}),
            ("/part", {}),
        ):
            assert (await client.post(f"/api/v1/cases/{case_id}{path}", json=body)).status_code == 404
        for path in ("/items/accept.1.1/claim", "/items/accept.1.1/release", "/clocks/x/restart"):
            assert (await client.post(f"/api/v1/cases/{case_id}{path}")).status_code == 404


async def test_json_says_what_may_be_done(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with program(cases, "county1") as client:
        sheet = (await client.get(f"/api/v1/cases/{case_id}")).json()
    (accept,) = [item for item in sheet["items"] if item["task"] == "accept"]
    assert accept["outcomes"] == ["accept", "transfer", "merge", "screen_out"]
    assert {"claim", "hold"} <= set(accept["may"])
    assert "visit" in sheet["startable"] and "service" not in sheet["startable"]
    assert all(clock["basis"] and clock["title"] for clock in sheet["clocks"])


async def test_json_of_small_verbs(cases: CaseOffice) -> None:
    case_id = await cases.file()
    async with program(cases, "county1") as client:
        url = f"/api/v1/cases/{case_id}"
        assert (await client.post(f"{url}/items/accept.1.1/claim")).status_code == 200
        assert (await client.post(f"{url}/items/accept.1.1/hold", json={"outcome": "hold"})).status_code == 422
        assert (await client.post(f"{url}/items/accept.1.1/hold", json={"reason": "等待"})).status_code == 200
        assert (await client.post(f"{url}/items/accept.1.1/resume")).status_code == 200
        assert (await client.post(f"{url}/items/accept.1.1/release")).status_code == 200
        assert (await client.post(f"{url}/start", json={"task": "visit"})).status_code == 200
        assert (await client.post(f"{url}/start", json={"task": "service"})).status_code == 422
        assert (await client.post(f"{url}/part", json={"reason": "x"})).json()["code"] == "not_open"


async def test_the_schema_tells_programs_every_outcome(cases: CaseOffice) -> None:
    async with cases.office.program() as client:
        schema = (await client.get("/openapi.json")).json()
    body = schema["paths"]["/api/v1/cases/{case_id}/items/{item_id}/act"]["post"]["requestBody"]
    shapes = body["content"]["application/json"]["schema"]["anyOf"]
    ends = {branch["properties"]["outcome"]["const"] for shape in shapes for branch in shape.get("oneOf", [shape])}
    assert len(shapes) == len([task for task in PROTECTION.tasks if not task.is_system])
    assert ends == {outcome.key for task in PROTECTION.tasks if not task.is_system for outcome in task.outcomes}


# The tables.


def test_every_refusal_has_words_and_a_status() -> None:
    assert set(WORDS) == set(RefusalCode)
    assert all(STATUS.get(code, 409) in {403, 404, 409, 422} for code in RefusalCode)


def test_no_outcome_is_named_like_a_verb_of_an_item() -> None:
    verbs = {str(route.path).rpartition("/")[2] for route in steering.routes if "/items/" in getattr(route, "path", "")}  # type: ignore[attr-defined]
    verbs |= {"claim", "release", HOLD.key, EXTEND.key, PART.key}
    assert not verbs & {outcome.key for task in PROTECTION.tasks for outcome in task.outcomes}


def test_every_role_that_works_has_somebody_in_the_demonstration() -> None:
    roles = {role for task in PROTECTION.tasks if not task.is_system for role in task.roles}
    assert all(anyone(role) for role in roles)
