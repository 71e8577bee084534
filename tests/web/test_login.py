"""Login, sessions and the administrator's unit links."""

import statistics
import time
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from bs4 import BeautifulSoup

from api.pages.login import _next
from domain.process import Role
from store.demo import DEMO_PASSWORD
from tests.web.office import Office, enter, login_of

COOKIE = "sw_session"


async def try_in(client: httpx.AsyncClient, login: str, password: str, **more: str) -> httpx.Response:
    return await client.post("/login", data={"login": login, "password": password} | more)


@pytest.mark.parametrize(
    ("role", "start"),
    [(Role.COUNTY_OFFICER, "/tasks"), (Role.ADMINISTRATOR, "/admin/units"), (Role.REPORTER, "/")],
)
async def test_each_role_lands_where_its_work_is(office: Office, role: Role, start: str) -> None:
    async with office.browser() as browser:
        answer = await try_in(browser, login_of(role).name, DEMO_PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, start)
        home = await browser.get("/")
        assert home.headers.get("location", "/") == start


async def test_the_cookie_is_opaque_strict_and_only_its_hash_is_kept(office: Office) -> None:
    async with office.browser() as browser:
        answer = await try_in(browser, login_of(Role.POLICE).name, DEMO_PASSWORD)
        secret = browser.cookies[COOKIE]
    said = answer.headers["set-cookie"]
    assert "HttpOnly" in said and "SameSite=lax" in said and "Path=/" in said
    assert len(secret) >= 43
    assert not await office.scalar("SELECT count(*) FROM login_session WHERE id_hash = :raw", raw=secret.encode())


async def test_unknown_login_wrong_password_and_a_closed_account_get_one_answer(office: Office) -> None:
    person = login_of(Role.CITY_OFFICER)
    await office.run("UPDATE person SET active = false WHERE id = :id", id=person.id)
    async with office.browser() as browser:
        answers = [
            await try_in(browser, "nobody", DEMO_PASSWORD),
            await try_in(browser, login_of(Role.POLICE).name, "wrong"),
            await try_in(browser, person.name, DEMO_PASSWORD),
            await try_in(browser, "", ""),
        ]
    await office.run("UPDATE person SET active = true WHERE id = :id", id=person.id)
    assert {answer.status_code for answer in answers} == {422}
    words = {BeautifulSoup(a.text, "html5lib").select_one(".sw-error-summary").get_text() for a in answers}  # type: ignore[union-attr]
    assert len(words) == 1 and "用户名或密码不对" in words.pop()
    assert not any("wrong" in answer.text or DEMO_PASSWORD in answer.text for answer in answers)


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(office: Office) -> None:
    known = await office.scalar("SELECT password_hash FROM person LIMIT 1")
    taken: dict[str | None, list[float]] = {known: [], None: []}
    await office.backend.passwords.check("warm", None)
    for _ in range(5):
        for stored, times in taken.items():
            started = time.process_time()
            assert (await office.backend.passwords.check("wrong", stored))[0] is False
            times.append(time.process_time() - started)
    one, other = (statistics.median(times) for times in taken.values())
    assert abs(one - other) < 0.5 * max(one, other)


async def test_tries_of_one_account_from_one_address_are_limited(office: Office) -> None:
    login = login_of(Role.REGISTRAR).name
    async with office.browser() as browser:
        answers = [(await try_in(browser, login, "wrong")).status_code for _ in range(11)]
        right = await try_in(browser, login.upper(), DEMO_PASSWORD)
    assert answers == [422] * 10 + [429]
    assert right.status_code == 429
    async with office.browser() as elsewhere:
        assert (await try_in(elsewhere, login, DEMO_PASSWORD)).status_code == 303


async def test_a_new_id_at_each_login_and_the_old_one_is_worth_nothing(office: Office) -> None:
    async with office.browser() as browser:
        await enter(browser, Role.POLICE)
        first = browser.cookies[COOKIE]
        await enter(browser, Role.POLICE)
        assert browser.cookies[COOKIE] != first
    assert (await whoami(office, first)).status_code == 401


async def test_a_cookie_copied_before_logout_is_refused_after(office: Office) -> None:
    async with office.browser() as browser:
        await enter(browser, Role.POLICE)
        copied = browser.cookies[COOKIE]
        assert (await whoami(office, copied)).status_code == 200
        answer = await browser.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert COOKIE not in browser.cookies
        assert "已退出登录" in (await browser.get("/")).text
    assert (await whoami(office, copied)).status_code == 401


async def whoami(office: Office, secret: str) -> httpx.Response:
    async with office.program(authorization=f"Bearer {secret}") as program:
        return await program.get("/api/v1/session")


@pytest.mark.parametrize("column", ["idle_until", "absolute_until"])
async def test_a_session_ends_by_idleness_and_by_age(office: Office, column: str) -> None:
    async with office.browser() as browser:
        await enter(browser, Role.POLICE)
        secret = browser.cookies[COOKIE]
        await office.run(f"UPDATE login_session SET {column} = now() - interval '1 second' WHERE ended_at IS NULL")
        answer = await browser.get("/sessions")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fsessions")
    assert (await whoami(office, secret)).status_code == 401


async def test_the_lengths_come_from_the_settings(office: Office) -> None:
    async with office.browser() as browser:
        await enter(browser, Role.POLICE)
    spans = "SELECT {} - created_at FROM login_session ORDER BY created_at DESC LIMIT 1"
    settings = office.backend.settings
    assert await office.scalar(spans.format("idle_until")) == timedelta(minutes=settings.session_idle_minutes)
    assert await office.scalar(spans.format("absolute_until")) == timedelta(minutes=settings.session_absolute_minutes)


async def test_after_login_one_comes_back_to_the_page_one_wanted(office: Office) -> None:
    async with office.browser() as browser:
        asked = await browser.get("/sessions")
        page = await browser.get(asked.headers["location"])
        assert 'name="next" value="/sessions"' in page.text
        answer = await try_in(browser, login_of(Role.POLICE).name, DEMO_PASSWORD, next="/sessions")
        assert answer.headers["location"] == "/sessions"
        assert (await browser.get("/login")).headers["location"] == "/tasks"


@pytest.mark.parametrize(
    "away", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x", "/login", "", "/\n"]
)
def test_next_never_leads_away(away: str) -> None:
    assert _next(away, "/tasks") == "/tasks"


async def test_other_sessions_are_listed_and_ended(office: Office) -> None:
    async with office.browser() as phone, office.browser() as desk:
        await enter(phone, Role.CHILD_SUPERVISOR)
        await enter(desk, Role.CHILD_SUPERVISOR)
        page = BeautifulSoup((await desk.get("/sessions")).text, "html5lib")
        assert len(page.select("tbody tr")) >= 2
        assert (await desk.post("/sessions/end")).status_code == 303
        assert (await phone.get("/sessions")).headers["location"].startswith("/login")
        assert (await desk.get("/sessions")).status_code == 200


async def test_a_post_that_has_ended_opens_nothing_from_the_next_request_on(office: Office) -> None:
    person = login_of(Role.CHILD_DIRECTOR)
    async with office.browser() as browser:
        await enter(browser, Role.CHILD_DIRECTOR)
        await office.run("UPDATE post SET valid_to = current_date - 1 WHERE id = :id", id=person.post_id)
        assert "您目前没有在岗的岗位" in (await browser.get("/sessions")).text
        again = await try_in(browser, person.name, DEMO_PASSWORD)
    await office.run("UPDATE post SET valid_to = NULL WHERE id = :id", id=person.post_id)
    assert again.status_code == 403


async def test_who_holds_two_posts_chooses_one_and_only_ones_own(office: Office) -> None:
    person, other, second = login_of(Role.COUNTY_OFFICER), login_of(Role.POLICE), uuid4()
    await office.run(
        "INSERT INTO post (id, person_id, role, unit_id, territory, valid_from)"
        " SELECT :second, person_id, 'county_leader', unit_id, territory, '2025-01-01' FROM post WHERE id = :id",
        second=second, id=person.post_id,
    )  # fmt: skip
    async with office.browser() as browser:
        await enter(browser, Role.COUNTY_OFFICER)
        stolen = await browser.post("/sessions/post", data={"post": str(other.post_id)})
        chosen = await browser.post("/sessions/post", data={"post": str(second)})
        posts = (await whoami(office, browser.cookies[COOKIE])).json()["posts"]
    await office.run("DELETE FROM login_session WHERE post_id = :second", second=second)
    await office.run("DELETE FROM post WHERE id = :second", second=second)
    assert (stolen.status_code, chosen.status_code) == (404, 303)
    assert [post["role"] for post in posts if post["current"]] == ["county_leader"]


async def test_a_program_logs_in_asks_who_it_is_and_logs_out(office: Office) -> None:
    person = login_of(Role.PROTECTION_CENTRE)
    async with office.program() as program:
        wrong = await program.post("/api/v1/session", json={"login": person.name, "password": "x"})
        token = (await program.post("/api/v1/session", json={"login": person.name, "password": DEMO_PASSWORD})).json()
        bearer = {"authorization": f"Bearer {token['token']}"}
        me = (await program.get("/api/v1/session", headers=bearer)).json()
        ended = await program.delete("/api/v1/session", headers=bearer)
        after = await program.get("/api/v1/session", headers=bearer)
    assert (wrong.status_code, ended.status_code, after.status_code) == (401, 204, 401)
    assert (me["login"], me["name"]) == (person.name, person.person)
    assert me["posts"][0]["role"] == "protection_centre" and me["posts"][0]["current"] is True
    assert me["posts"][0]["territory_name"].startswith("吉林省")


async def test_logins_and_refusals_leave_a_trail(office: Office) -> None:
    person = login_of(Role.POLICE)
    count = "SELECT count(*) FROM audit WHERE action = 'login' AND object_id = :id AND result = :result"
    before = [await office.scalar(count, id=str(person.id), result=result) for result in ("ok", "refused")]
    async with office.browser() as browser:
        await try_in(browser, person.name, "wrong")
        await enter(browser, Role.POLICE)
    after = [await office.scalar(count, id=str(person.id), result=result) for result in ("ok", "refused")]
    assert after == [before[0] + 1, before[1] + 1]


# Unit links


async def test_the_administrator_makes_renews_and_takes_back_a_link(office: Office) -> None:
    unit = login_of(Role.CHILD_DIRECTOR).unit
    async with office.browser() as admin, office.browser() as phone:
        await enter(admin, Role.ADMINISTRATOR)
        first = await made_link(admin, unit.id)
        assert (await phone.get(first)).headers["location"] == "/report"
        second = await made_link(admin, unit.id)
        assert second != first
        assert (await phone.get(first)).status_code == 404
        assert (await phone.get(second)).status_code == 303
        assert (await admin.post(f"/admin/units/{unit.id}/revoke")).status_code == 303
        assert (await phone.get(second)).status_code == 404
    assert await office.scalar("SELECT count(*) FROM audit WHERE object_id = :id", id=str(unit.id)) == 3


async def made_link(admin: httpx.AsyncClient, unit: UUID) -> str:
    """The path of a new link, as the sheet shows it beside its QR code."""
    answer = await admin.post(f"/admin/units/{unit}/link")
    assert answer.status_code == 201
    page = BeautifulSoup(answer.text, "html5lib")
    picture, address = page.select_one("main img"), page.select_one("main .sw-number")
    assert picture is not None and str(picture["src"]).startswith("data:image/svg+xml")
    assert address is not None
    return "/u/" + address.get_text().rpartition("/u/")[2]


async def test_units_come_in_pages_and_by_name(office: Office) -> None:
    async with office.browser() as admin:
        await enter(admin, Role.ADMINISTRATOR)
        whole = await admin.get("/admin/units")
        found = await admin.get("/admin/units", params={"q": "%"})
        bent = await admin.get("/admin/units", params={"after": "x"})
    assert len(BeautifulSoup(whole.text, "html5lib").select("tbody tr")) > 3
    assert "没有找到单位" in found.text
    assert bent.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, Role.ADMINISTRATOR}])
async def test_nobody_else_sees_or_changes_links(office: Office, role: Role) -> None:
    unit = login_of(Role.CHILD_DIRECTOR).unit
    async with office.browser() as browser:
        await enter(browser, role)
        answers = [
            await browser.get("/admin/units"),
            await browser.post(f"/admin/units/{unit.id}/link"),
            await browser.post(f"/admin/units/{unit.id}/revoke"),
        ]
    assert {answer.status_code for answer in answers} == {403}


async def test_without_login_the_office_is_shut(office: Office) -> None:
    async with office.browser() as browser:
        assert (await browser.get("/admin/units")).headers["location"] == "/login?next=%2Fadmin%2Funits"
        assert (await browser.post("/sessions/end")).headers["location"] == "/login"
