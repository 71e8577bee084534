"""A report by page and by API: what is refused and how, the receipt, the same answer to the same report."""

import asyncio
import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from api.reports import report_schema
from api.static import StaticAssets
from domain.process import Role
from domain.receipts import check_lookup_code, check_receipt
from domain.report_form import QUESTIONS
from domain.zone import CHINA
from store.crypto import Place
from store.demo import DEMO_PASSWORD
from store.errors import DatabaseUnavailable
from store.keys import KeyDomain
from tests.web.office import REPORT, Office, enter, login_of

FIRST_VISIT_BYTES = 30 * 1024


def page_of(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html5lib")


async def form_of(browser: httpx.AsyncClient, path: str = "/report") -> dict[str, str]:
    """The form as a browser without scripts would send it back untouched."""
    page = page_of(await browser.get(path))
    form = page.select_one("form[action='/report']")
    assert form is not None
    values = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    values |= {str(field["name"]): str(field["value"]) for field in form.select("input[checked]")}
    for select in form.select("select"):
        if (chosen := select.select_one("option[selected]")) is not None:
            values[str(select["name"])] = str(chosen["value"])
    values |= {
        str(f["name"]): str(f.get("value", ""))
        for f in form.select("input:not([type=hidden], [type=radio], [type=checkbox])")
    }
    return values


def errors_in(answer: httpx.Response) -> dict[str, str]:
    """Reasons by field, of a problem document."""
    return {error["field"]: error["reason"] for error in answer.json()["errors"]}


async def reports_stored(office: Office) -> int:
    return int(await office.scalar("SELECT count(*) FROM report"))


# The form


async def test_the_form_needs_four_answers_and_gives_a_receipt(office: Office) -> None:
    async with office.browser() as browser:
        answer = await browser.post("/report", data=await form_of(browser) | REPORT)
    assert answer.status_code == 201
    number, code = (node.get_text() for node in page_of(answer).select(".sw-panel__number"))
    assert check_receipt(number) == number
    assert check_lookup_code(code) == code
    assert "内部目标" in answer.text and "《未成年人保护法" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_danger_comes_first_on_the_page(office: Office) -> None:
    async with office.browser() as browser:
        page = page_of(await browser.get("/report"))
    main = page.select_one("main")
    assert main is not None
    first = main.select_one("a, button, input, textarea, select")
    assert first is not None and first["href"] == "tel:110"


async def test_what_is_missing_is_said_and_what_was_typed_is_kept(office: Office) -> None:
    before = await reports_stored(office)
    async with office.browser() as browser:
        typed = await form_of(browser) | {"narrative": "孩子<b>受伤", "child_name": "小明", "found": ""}
        answer = await browser.post("/report", data=typed)
    page = page_of(answer)
    assert answer.status_code == 422
    links = [link["href"] for link in page.select("[data-error-summary] a")]
    assert links == ["#situation", "#found", "#territory_county", "#reporter_phone"]
    area = page.select_one("textarea[name=narrative]")
    name = page.select_one("input[name=child_name]")
    assert area is not None and area.get_text().strip() == "孩子<b>受伤"
    assert name is not None and name["value"] == "小明"
    assert name.find_parent("details", open=True) is not None
    assert page.select_one("title").get_text().startswith("错误：")  # type: ignore[union-attr]
    assert await reports_stored(office) == before


async def test_townships_are_picked_without_scripts_and_nothing_typed_is_lost(office: Office) -> None:
    async with office.browser() as browser:
        typed = await form_of(browser) | {
            "narrative": "看见了",
            "territory_county": "220122",
            "step": "places:territory",
        }
        answer = await browser.post("/report", data=typed)
    page = page_of(answer)
    assert answer.status_code == 200
    assert not page.select("[data-error-summary]")
    assert page.select_one("select[name=territory] option[value='220122100']") is not None
    assert page.select_one("textarea[name=narrative]").get_text().strip() == "看见了"  # type: ignore[union-attr]


async def test_the_same_form_sent_twice_is_one_report(office: Office) -> None:
    before = await reports_stored(office)
    async with office.browser() as browser:
        typed = await form_of(browser) | REPORT
        answers = await asyncio.gather(*(browser.post("/report", data=typed) for _ in range(10)))
        changed = await browser.post("/report", data=typed | {"narrative": "别的内容"})
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    numbers = {page_of(answer).select(".sw-panel__number")[0].get_text() for answer in answers}
    assert len(numbers) == 1
    assert changed.status_code == 409
    assert await reports_stored(office) == before + 1


async def test_no_receipt_before_the_commit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await reports_stored(office)

    async def broken(*_: object) -> None:
        raise DatabaseUnavailable("gone between flush and commit")

    monkeypatch.setattr("store.front_door.FrontDoor._run", broken)
    async with office.browser() as browser:
        page = await browser.post("/report", data=await form_of(browser) | REPORT)
    async with office.program() as program:
        document = await program.post("/api/v1/reports", json=REPORT)
    monkeypatch.undo()
    assert page.status_code == document.status_code == 503
    assert "JL" not in page.text
    assert document.json()["status"] == 503 and "receipt" not in document.json()
    assert await reports_stored(office) == before


async def test_an_unknown_name_in_the_form_is_named(office: Office) -> None:
    async with office.browser() as browser:
        answer = await browser.post("/report", data=await form_of(browser) | REPORT | {"colour": "green"})
    assert answer.status_code == 422
    assert "colour：没有这个字段" in answer.text


async def test_first_visit_stays_under_thirty_kilobytes(office: Office) -> None:
    assets = StaticAssets()
    async with office.browser() as browser:
        page = await browser.get("/report")
    named = re.findall(r"/static/([\w/-]+)\.[0-9a-f]{12}(\.(?:css|js|svg))", page.text)
    weights = {"report.html": len(gzip.compress(page.content, 6))}
    weights |= {stem + suffix: assets.packed_size(stem + suffix) for stem, suffix in named}
    assert len(weights) > 4
    assert sum(weights.values()) <= FIRST_VISIT_BYTES, weights
    assert weights["report.html"] <= 14 * 1024


# The API


async def test_a_program_files_a_report_and_is_told_what_runs(office: Office) -> None:
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", json=REPORT)
    receipt = answer.json()
    assert answer.status_code == 201
    assert check_receipt(receipt["receipt"]) == receipt["receipt"]
    received = datetime.fromisoformat(receipt["received_at"])
    clocks = [(clock["task"], clock["kind"], clock["due_at"]) for clock in receipt["clocks"] if clock["due_at"]]
    two_hours = (received + timedelta(hours=2)).isoformat()
    assert ("accept", "target", two_hours) in clocks and ("notify_police", "target", two_hours) in clocks
    answered = next(clock for clock in receipt["clocks"] if clock["task"] == "acknowledge" and clock["last_day"])
    end = datetime.fromisoformat(answered["due_at"]).astimezone(CHINA)
    assert end.date() - timedelta(days=1) == date.fromisoformat(answered["last_day"])
    statutory = {clock["task"]: clock for clock in receipt["clocks"] if clock["kind"] == "statutory"}
    assert statutory["accept"]["word"] == "及时" and "第十一条" in statutory["accept"]["basis"]
    assert "red" not in answer.text and "红" not in answer.text


async def test_what_the_case_starts_from_is_codes_and_the_rest_is_sealed(office: Office) -> None:
    said = REPORT | {
        "situation": "GUARDIAN_UNABLE",
        "child_name": "欧阳小雨",
        "child_age": 7,
        "care": "unattended",
        "danger": "no",
        "police_told": "yes",
        "omission": "yes",
        "reporter_name": "王老师",
    }
    async with office.program() as program:
        receipt = (await program.post("/api/v1/reports", json=said)).json()["receipt"]
    async with office.backend.db.read() as tx:
        row = (
            (await tx.execute(text("SELECT * FROM report WHERE receipt = :receipt"), {"receipt": receipt}))
            .mappings()
            .one()
        )
        identity = await tx.scalar(text("SELECT identity_enc FROM reporter WHERE report_id = :id"), {"id": row["id"]})
        tokens = await tx.scalar(text("SELECT count(*) FROM child_token WHERE report_id = :id"), {"id": row["id"]})
        handed = await tx.scalar(text("SELECT count(*) FROM outbox WHERE ref_id = :id"), {"id": row["id"]})
    assert (row["situation"], row["age_band"], row["care"]) == ("GUARDIAN_UNABLE", "under_8", "unattended")
    assert (row["colour"], row["triage_row"], row["police_told"], row["omission"]) == ("red", "R5", True, True)
    assert row["discovered_at"] <= row["received_at"]
    assert tokens >= 3 and handed == 1
    place = Place(KeyDomain.CASE, row["case_id"], "report", row["id"], "content_enc")
    content = json.loads(office.backend.cipher.open_text(place, row["content_enc"]))
    assert content["narrative"] == REPORT["narrative"] and content["child_name"] == "欧阳小雨"
    assert not any(key.startswith("reporter_") for key in content)
    place = Place(KeyDomain.REPORTER, row["id"], "reporter", row["id"], "identity_enc")
    assert json.loads(office.backend.cipher.open_text(place, identity)) == {
        "reporter_phone": "13800138000",
        "reporter_name": "王老师",
    }


IN_AN_HOUR = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"situation": "BAD_WEATHER"}, "situation"),
        ({"colour": "green"}, "colour"),
        ({"outcome": "filed"}, "outcome"),
        ({"territory": "999999001"}, "territory"),
        ({"territory": "220104"}, "territory"),
        ({"narrative": ""}, "narrative"),
        ({"narrative": "x\u0000y"}, "narrative"),
        ({"narrative": "字" * 2001}, "narrative"),
        ({"narrative": None}, "narrative"),
        ({"reporter_phone": ""}, "reporter_phone"),
        ({"reporter_phone": "12345"}, "reporter_phone"),
        ({"found": ""}, "found"),
        ({"found": "at"}, "found_at"),
        ({"found": "at", "found_at": IN_AN_HOUR}, "found_at"),
        ({"found": "at", "found_at": "2026-03-02T09:30:00"}, "found_at"),
        ({"child_id_number": "220104201501010010"}, "child_id_number"),
        ({"child_age": 18}, "child_age"),
        ({"child_age": -1}, "child_age"),
        ({"child_age": "seven"}, "child_age"),
        ({"child_birth": "2001-01-01"}, "child_birth"),
        ({"child_birth": "2999-01-01"}, "child_birth"),
        ({"guardian_phone": "88905555"}, "guardian_phone"),
        ({"police_told": "maybe"}, "police_told"),
        ({"keep_secret": "yes"}, "keep_secret"),
    ],
)
async def test_a_bad_answer_is_refused_by_name_and_never_echoed(
    office: Office, change: dict[str, object], field: str
) -> None:
    before = await reports_stored(office)
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", json=REPORT | change)
    assert answer.status_code == 422, answer.text
    assert list(errors_in(answer)) == [field]
    assert answer.headers["content-type"] == "application/problem+json"
    assert REPORT["reporter_phone"] not in answer.text and "三天" not in answer.text
    assert await reports_stored(office) == before


async def test_everything_but_four_answers_may_be_unclear(office: Office) -> None:
    unclear = {key: "unknown" for key, q in QUESTIONS.items() if any(o.key == "unknown" for o in q.options)}
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", json=REPORT | unclear | {"found": "unclear"})
    assert answer.status_code == 201, answer.text
    discovered = await office.scalar(
        "SELECT discovered_at FROM report WHERE receipt = :receipt", receipt=answer.json()["receipt"]
    )
    assert discovered is None


async def test_discovery_is_kept_to_the_minute_it_was_said(office: Office) -> None:
    at = (datetime.now(CHINA) - timedelta(hours=5)).replace(second=0, microsecond=0)
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", json=REPORT | {"found": "at", "found_at": at.isoformat()})
    discovered = await office.scalar(
        "SELECT discovered_at FROM report WHERE receipt = :receipt", receipt=answer.json()["receipt"]
    )
    assert discovered == at


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_400(office: Office, body: bytes) -> None:
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b'{"\\ud800": 1}', b'{"narrative": "\\udfff"}', b"NaN"])
async def test_a_body_that_is_no_object_or_no_text_is_422(office: Office, body: bytes) -> None:
    async with office.program() as program:
        answer = await program.post("/api/v1/reports", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


async def test_another_content_type_is_415_and_a_megabyte_413(office: Office) -> None:
    async with office.program() as program:
        form = await program.post("/api/v1/reports", data=REPORT)
        large = await program.post("/api/v1/reports", json=REPORT | {"narrative": "x" * 1_100_000})
    assert (form.status_code, large.status_code) == (415, 413)


async def test_the_same_key_and_body_is_the_same_receipt_and_another_body_409(office: Office) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    async with office.program() as program:
        first = await program.post("/api/v1/reports", json=REPORT, headers=key)
        again = await program.post("/api/v1/reports", json=REPORT, headers=key)
        other = await program.post("/api/v1/reports", json=REPORT | {"place": "村口"}, headers=key)
        bad = await program.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "x" * 201})
    assert (first.status_code, again.status_code, other.status_code, bad.status_code) == (201, 200, 409, 422)
    assert again.json() | {"repeated": False} == first.json()


async def test_a_person_who_is_logged_in_reports_in_their_own_name(office: Office) -> None:
    person = login_of(Role.REPORTER)
    async with office.program() as program:
        token = (await program.post("/api/v1/session", json={"login": person.name, "password": DEMO_PASSWORD})).json()
        bearer = {"authorization": f"Bearer {token['token']}"}
        receipt = (await program.post("/api/v1/reports", json=REPORT, headers=bearer)).json()["receipt"]
    assert await _sender(office, receipt) == (person.id, person.unit.id)
    assert await office.scalar(
        "SELECT count(*) FROM audit WHERE action = 'report.accept' AND person_id = :id", id=person.id
    )


async def _sender(office: Office, receipt: str) -> tuple[UUID | None, UUID | None]:
    query = "SELECT {} FROM report WHERE receipt = :receipt"
    person, unit = [await office.scalar(query.format(c), receipt=receipt) for c in ("person_id", "unit_id")]
    return person, unit


async def test_the_form_of_a_reporting_unit_knows_its_township(office: Office) -> None:
    async with office.browser() as browser:
        person = await enter(browser, Role.REPORTER)
        typed = await form_of(browser)
    assert typed["territory_county"] == person.territory[:6]
    assert typed["reporter_name"] == person.person
    assert typed.get("territory", person.territory[:9]) == person.territory[:9]


async def test_a_unit_link_reports_for_the_unit_until_it_is_put_down(office: Office) -> None:
    person = next(login for login in [login_of(Role.REPORTER)] if login.unit.link)
    async with office.browser() as browser:
        entered = await browser.get(f"/u/{person.unit.link}")
        assert (entered.status_code, entered.headers["location"]) == (303, "/report")
        page = await browser.get("/report")
        assert person.unit.name in page.text and person.unit.link not in page.text
        answer = await browser.post("/report", data=await form_of(browser) | REPORT)
        receipt = page_of(answer).select(".sw-panel__number")[0].get_text()
        assert await _sender(office, receipt) == (None, person.unit.id)
        await browser.get("/report?unit=none")
        assert person.unit.name not in (await browser.get("/report")).text
        assert (await browser.get("/u/nobodys-link")).status_code == 404
    async with office.program() as program:
        header = {"X-Unit-Link": person.unit.link}
        receipt = (await program.post("/api/v1/reports", json=REPORT, headers=header)).json()["receipt"]
        assert await _sender(office, receipt) == (None, person.unit.id)
        dead = await program.post("/api/v1/reports", json=REPORT, headers={"X-Unit-Link": "dead"})
    assert dead.status_code == 403


async def test_territories_are_listed_for_the_form(office: Office) -> None:
    async with office.program() as program:
        county = (await program.get("/api/v1/territories/220104")).json()
        unknown = await program.get("/api/v1/territories/000000")
    assert county["name"] == "朝阳区" and {"code": "220104001", "name": "前进街道"} in county["children"]
    assert unknown.status_code == 404


def test_the_api_document_lists_every_question() -> None:
    assert list(report_schema()["properties"]) == list(QUESTIONS)
    assert report_schema()["additionalProperties"] is False
    assert "$ref" not in json.dumps(report_schema())
