"""Every route of the app and who may call it, as one table: no route without a line, no line without a route."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from sqlalchemy import event

from api.routes import ROUTERS
from domain.acts import ActKind
from domain.permissions import CASE_RIGHTS, OFFICE_RIGHTS, SEES_INVOLVED, SEES_TERRITORY, Verb, reaches
from domain.process import Role
from store.demo import DEMO_LOGINS, DemoLogin
from tests.web.case_office import CaseOffice, enter, person, session_of
from tests.web.office import Office


@dataclass(frozen=True)
class Public:
    """Everybody, logged in or not."""


@dataclass(frozen=True)
class LoggedIn:
    """Whoever is logged in; what they see is their own."""


@dataclass(frozen=True)
class OfOffice:
    """Roles that may do this verb of the office: 403 for others."""

    verb: Verb


@dataclass(frozen=True)
class OfCase:
    """Posts that may do this verb on the case: 404 when they may not know of it, 403 when their role may not."""

    verb: Verb


Who = Public | LoggedIn | OfOffice | OfCase

CASE, ITEM, CLOCK = "/cases/{case_id}", "/cases/{case_id}/items/{item_id}", "/cases/{case_id}/clocks/{clock_id}"
V1 = "/api/v1"

ACCESS: dict[str, Who] = {
    "GET /": Public(),
    "GET /healthz": Public(),
    "GET /readyz": Public(),
    "GET /law": Public(),
    "GET /login": Public(),
    "POST /login": Public(),
    "POST /logout": Public(),
    "GET /report": Public(),
    "POST /report": Public(),
    "GET /status": Public(),
    "POST /status": Public(),
    "GET /u/{secret}": Public(),
    f"POST {V1}/reports": Public(),
    f"POST {V1}/reports/status": Public(),
    f"GET {V1}/territories/{{code}}": Public(),
    f"POST {V1}/session": Public(),
    f"GET {V1}/session": LoggedIn(),
    f"DELETE {V1}/session": LoggedIn(),
    "GET /sessions": LoggedIn(),
    "POST /sessions/end": LoggedIn(),
    "POST /sessions/post": LoggedIn(),
    "GET /tasks": LoggedIn(),
    "GET /cases": LoggedIn(),
    "GET /inbox": LoggedIn(),
    "POST /inbox/read": LoggedIn(),
    "POST /inbox/{notice_id}/read": LoggedIn(),
    f"GET {V1}/tasks": LoggedIn(),
    f"GET {V1}/cases": LoggedIn(),
    "GET /search": OfOffice(Verb.SEARCH),
    "POST /search": OfOffice(Verb.SEARCH),
    "GET /admin/units": OfOffice(Verb.MANAGE_UNITS),
    "POST /admin/units/{unit_id}/link": OfOffice(Verb.MANAGE_UNITS),
    "POST /admin/units/{unit_id}/revoke": OfOffice(Verb.MANAGE_UNITS),
    "GET /admin/people": OfOffice(Verb.MANAGE_PEOPLE),
    "GET /admin/calendar": OfOffice(Verb.IMPORT_CALENDAR),
    "GET /admin/rules": OfOffice(Verb.IMPORT_CALENDAR),
    "GET /admin/system": OfOffice(Verb.READ_AUDIT),
    f"GET {CASE}": OfCase(Verb.READ_CASE),
    f"GET {CASE}/records": OfCase(Verb.READ_REPORT),
    f"GET {CASE}/reports/{{report_id}}/reporter": OfCase(Verb.READ_REPORTER),
    f"GET {CASE}/process.svg": OfCase(Verb.READ_CASE),
    f"GET {CASE}/process.bpmn": OfCase(Verb.READ_CASE),
    f"GET {CASE}/links": OfCase(Verb.READ_CASE),
    f"POST {CASE}/links/{{other_id}}": OfCase(Verb.DECIDE_LINK),
    f"GET {ITEM}": OfCase(Verb.READ_REPORT),
    f"GET {ITEM}/{{outcome}}": OfCase(Verb.READ_CASE),
    f"POST {ITEM}/{{outcome}}": OfCase(Verb.DO),
    f"POST {ITEM}/claim": OfCase(Verb.CLAIM),
    f"POST {ITEM}/release": OfCase(Verb.RELEASE),
    f"GET {ITEM}/hold": OfCase(Verb.HOLD),
    f"POST {ITEM}/hold": OfCase(Verb.HOLD),
    f"POST {ITEM}/resume": OfCase(Verb.RESUME),
    f"GET {CLOCK}/extend": OfCase(Verb.EXTEND),
    f"POST {CLOCK}/extend": OfCase(Verb.EXTEND),
    f"GET {CLOCK}/stop": OfCase(Verb.STOP),
    f"POST {CLOCK}/stop": OfCase(Verb.STOP),
    f"POST {CLOCK}/restart": OfCase(Verb.RESTART),
    f"GET {CASE}/start": OfCase(Verb.START),
    f"POST {CASE}/start": OfCase(Verb.START),
    f"GET {CASE}/part": OfCase(Verb.PART),
    f"POST {CASE}/part": OfCase(Verb.PART),
    f"GET {V1}{CASE}": OfCase(Verb.READ_CASE),
    f"GET {V1}{CASE}/events": OfCase(Verb.READ_CASE),
    f"POST {V1}{ITEM}/act": OfCase(Verb.DO),
    f"POST {V1}{ITEM}/claim": OfCase(Verb.CLAIM),
    f"POST {V1}{ITEM}/release": OfCase(Verb.RELEASE),
    f"POST {V1}{ITEM}/hold": OfCase(Verb.HOLD),
    f"POST {V1}{ITEM}/resume": OfCase(Verb.RESUME),
    f"POST {V1}{CASE}/start": OfCase(Verb.START),
    f"POST {V1}{CLOCK}/extend": OfCase(Verb.EXTEND),
    f"POST {V1}{CLOCK}/stop": OfCase(Verb.STOP),
    f"POST {V1}{CLOCK}/restart": OfCase(Verb.RESTART),
    f"POST {V1}{CASE}/part": OfCase(Verb.PART),
}

INVOLVED = frozenset({Role.CHILD_SUPERVISOR, Role.POLICE, Role.CHILD_DIRECTOR})
PEOPLE = [
    "school1", "director1", "township1", "county1", "leader1", "centre1", "police1", "city1", "province1", "registrar1",
    "admin", "director2", "township2", "county3", "leader2", "centre2", "police2", "city2",
]  # fmt: skip
"""Every role over the case's own territory, and those of another territory that could be mistaken for it."""

CLOSED = [line for line, who in ACCESS.items() if not isinstance(who, Public)]
GETS = [line for line in ACCESS if line.startswith("GET ")]
UNSAFE = [line for line in ACCESS if not line.startswith("GET ")]


@dataclass(frozen=True)
class Place:
    """The case that addresses are filled in with."""

    cases: CaseOffice
    case_id: UUID
    report_id: UUID
    clock: str

    def url(self, line: str) -> str:
        """The address of a route for this case."""
        return line.partition(" ")[2].format(
            case_id=self.case_id,
            report_id=self.report_id,
            item_id="accept.1.1",
            outcome="accept",
            clock_id=self.clock,
            other_id=uuid4(),
            notice_id=uuid4(),
            unit_id=uuid4(),
            secret="demo-school1-link",
            code="2201",
        )

    async def ask(self, client: httpx.AsyncClient, line: str) -> httpx.Response:
        """Call a route as this client does, with a body of the right type that holds nothing."""
        method, url = line.partition(" ")[0], self.url(line)
        if method in {"GET", "DELETE"}:
            return await client.request(method, url)
        body: dict[str, Any] = {"json": {}} if url.startswith("/api/") else {"data": {"key": "x"}}
        return await client.request(method, url, **body)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(office: Office) -> AsyncIterator[Place]:
    """A case in which every role that is ever involved is involved."""
    cases = CaseOffice.over(office)
    case_id = await cases.file(police="yes")
    for task in ("visit", "onsite_check", "search_missing"):
        await cases.act(case_id, "county1", ActKind.START, task=task)
    report = await office.scalar("SELECT id FROM report WHERE case_id = :id", id=case_id)
    yield Place(cases, case_id, report, cases.commands.worlds[case_id].running()[0].id)


def routes() -> set[str]:
    """Method and path of every route."""
    return {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    assert routes() == set(ACCESS)


def _known(login: DemoLogin) -> bool:
    """Whether the post may know of the case, said without the code under test."""
    near = reaches(login.territory, "220104001")
    return near and (login.role in SEES_TERRITORY or (login.role in SEES_INVOLVED and login.role in INVOLVED))


def expected(who: Who, login: DemoLogin) -> int | None:
    """The status that keeps this person out; None when they get in."""
    if isinstance(who, OfOffice):
        return None if login.role in OFFICE_RIGHTS[who.verb] else 403
    if isinstance(who, OfCase):
        if not _known(login):
            return 404
        return None if login.role in CASE_RIGHTS[who.verb].roles else 403
    return None


@pytest.mark.parametrize("login", PEOPLE)
async def test_everybody_gets_in_where_they_may_and_nowhere_else(place: Place, login: str) -> None:
    faults = []
    for line in CLOSED:
        secret = await session_of(place.cases.app, login)
        async with _client(place, line, secret) as client:
            answer = await place.ask(client, line)
        kept_out = expected(ACCESS[line], person(login))
        if not _as_expected(answer, kept_out, ACCESS[line]):
            faults.append(f"{line}: {answer.status_code}, expected {kept_out or 'in'}")
    assert not faults, "\n".join(faults)


def _as_expected(answer: httpx.Response, kept_out: int | None, who: Who) -> bool:
    if kept_out:
        return answer.status_code == kept_out
    if answer.status_code == 403:  # the case itself refuses: this step is another post's
        return "不由您的岗位办理" in answer.text
    # What is addressed beside the case (a link, a unit, a clock of another task) need not be there.
    return answer.status_code < 500 and (
        answer.status_code != 404 or not isinstance(who, OfCase) or "links" in str(answer.url)
    )


def _client(place: Place, line: str, secret: str = "") -> Any:  # noqa: ANN401 - an async context manager
    """A client of the kind that calls this route, logged in with ``secret`` if any."""
    if "/api/" in line:
        return place.cases.office.program(**({"authorization": f"Bearer {secret}"} if secret else {}))
    web = place.cases.app.state.services.web
    headers = {"sec-fetch-site": "same-origin"} | ({"cookie": f"{web.cookie('session')}={secret}"} if secret else {})
    return place.cases.office.program(**headers)


async def test_without_a_login_nothing_but_the_public_is_open(place: Place) -> None:
    faults = []
    for line in CLOSED:
        async with _client(place, line) as client:
            answer = await place.ask(client, line)
        api = "/api/" in line
        turned_away = answer.status_code == 401 if api else answer.headers.get("location", "").startswith("/login")
        if not turned_away:
            faults.append(f"{line}: {answer.status_code}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
async def test_no_other_site_can_post_in_the_name_of_a_person(place: Place, headers: dict[str, str]) -> None:
    secret = await session_of(place.cases.app, "county1")
    cookie = f"{place.cases.app.state.services.web.cookie('session')}={secret}"
    async with place.cases.office.program(cookie=cookie, **headers) as client:
        answers = {line: (await place.ask(client, line)).status_code for line in UNSAFE}
    assert set(answers.values()) == {403}, answers


@contextmanager
def writes(office: Office) -> Iterator[list[str]]:
    """The statements sent outside a read-only snapshot."""
    sent: list[str] = []
    engine = office.backend.db.engine.sync_engine

    def note(*given: Any) -> None:  # noqa: ANN401
        connection, statement = given[0], given[2]
        if not connection.get_execution_options().get("postgresql_readonly"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("login", ["county1", "admin"])
async def test_no_get_writes_anything_but_the_audit_trail(place: Place, login: str) -> None:
    async with place.cases.office.browser() as browser, place.cases.office.program() as client:
        await enter(browser, login)
        client.headers["authorization"] = f"Bearer {await session_of(place.cases.app, login)}"
        with writes(place.cases.office) as sent:
            for line in GETS:
                await place.ask(client if "/api/" in line else browser, line)
    assert not [statement for statement in sent if not statement.startswith("INSERT INTO audit ")]


async def test_pages_with_personal_data_are_kept_nowhere(place: Place) -> None:
    async with place.cases.office.browser() as browser:
        await enter(browser, "county1")
        for line in GETS:
            if isinstance(ACCESS[line], OfCase) and "/api/" not in line:
                assert (await place.ask(browser, line)).headers["cache-control"] == "no-store"


def test_every_role_stands_in_the_matrix() -> None:
    assert {person(login).role for login in PEOPLE} == set(Role) - {Role.SYSTEM}
    assert {login.name for login in DEMO_LOGINS} >= set(PEOPLE)
