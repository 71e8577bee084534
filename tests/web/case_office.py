"""Cases behind the real pages: the real kernel and the real read model, without an engine between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI

from api.app import create_app
from api.commands import Answer, AnswerState, Commands, EngineAway, Request
from api.services import Backend, Services, WebSettings
from domain.acts import Act, ActKind, Actor, Codes, Refused
from domain.process import Role
from domain.state import Projection
from store.demo import DEMO_LOGINS, DemoLogin
from store.front_door import NewReport, NewSubmission
from store.projection import Projector
from store.tables.submission import SubmissionState
from store.trail import NOWHERE, Trace
from tests.web.office import Office
from tests.workflows.world import RefusedError, World
from workflows.flows import FLOWS

CHILD = "王小明"
NARRATIVE = "放学后一直没人接，邻居说家里已经三天没有大人。𠮷"
TEACHER = "李老师"


def person(login: str) -> DemoLogin:
    """A seeded person by login."""
    return next(known for known in DEMO_LOGINS if known.name == login)


def actor_of(login: str) -> Actor:
    """A seeded person in their post."""
    known = person(login)
    return Actor(str(known.id), known.role, known.territory, str(known.unit.id))


class KernelCommands:
    """Stores acts as the real commands do, then asks the kernel itself; ``away``: the engine does not answer."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.worlds: dict[UUID, World] = {}
        self.away = False

    async def act(self, actor: Actor, case_id: UUID, request: Request, trace: Trace = NOWHERE) -> Answer:
        """Stored first, then decided."""
        new = NewSubmission(
            case_id=case_id,
            kind=request.kind,
            actor=actor,
            item=request.item,
            task=request.task,
            clock=request.clock,
            outcome=request.outcome,
            reason=request.reason,
            codes=request.codes,
            content=request.content,
            idempotency_key=request.key,
            trace=trace,
        )
        stored = await self.office.backend.front_door.submit(new)
        if self.away or stored.state is not SubmissionState.PENDING:
            return Answer(AnswerState(stored.state), stored.rev, None, stored.id)
        act = Act(
            str(stored.id),
            request.kind,
            stored.received_at,
            actor,
            item=request.item,
            task=request.task,
            clock=request.clock,
            outcome=request.outcome,
            reason=request.reason,
            codes=request.codes,
        )
        return await self._decide(case_id, act, stored.id)

    async def claim(self, actor: Actor, case_id: UUID, item: str) -> Answer:
        """Decided at once."""
        return await self._at_once(actor, case_id, ActKind.CLAIM, item)

    async def release(self, actor: Actor, case_id: UUID, item: str) -> Answer:
        """Decided at once."""
        return await self._at_once(actor, case_id, ActKind.RELEASE, item)

    async def _at_once(self, actor: Actor, case_id: UUID, kind: ActKind, item: str) -> Answer:
        if self.away:
            raise EngineAway
        return await self._decide(case_id, Act(str(uuid4()), kind, datetime.now(UTC), actor, item=item), None)

    async def _decide(self, case_id: UUID, act: Act, submission: UUID | None) -> Answer:
        world = self.worlds[case_id]
        world.now = max(world.now, act.at)
        try:
            world.deliver(act)
        except RefusedError as refusal:
            refused: Refused = refusal.refused
            return Answer(AnswerState.REFUSED, refused=refused, submission_id=submission)
        await write(self.office, case_id, world)
        return Answer(AnswerState.APPLIED, world.case.state.rev, submission_id=submission)


async def write(office: Office, case_id: UUID, world: World) -> None:
    """Write down what a case has told since the last time."""
    projector, process = Projector(office.backend.db), FLOWS["protection"][0]
    steps: list[Projection] = world.projections
    for step in steps:
        await projector.write(replace(step, case_id=str(case_id)), process)
    world.projections = []


@dataclass
class CaseOffice:
    """The office with cases in it, and pages that act on them."""

    office: Office
    app: FastAPI
    commands: KernelCommands

    @classmethod
    def over(cls, office: Office) -> "CaseOffice":
        """The same backend with the kernel for an engine."""
        commands = KernelCommands(office)
        backend = replace(office.backend, commands=cast("Commands", commands))
        app = create_app(Services(office.app.state.services.web, backend))
        return cls(replace(office, app=app), app, commands)

    async def file(self, *, hours_ago: float = 2, colour: str = "yellow", police: str = "no", **report: Any) -> UUID:  # noqa: ANN401
        """A report that was received a while ago, and its case."""
        received = datetime.now(UTC) - timedelta(hours=hours_ago)
        filed = NewReport(**({**a_report(received, colour), **report}))
        receipt = await self.office.backend.front_door.accept_report(filed)
        world = World(colour=colour, police=police, start=received)
        world.case.state.case_id = str(receipt.case_id)
        self.commands.worlds[receipt.case_id] = world
        await write(self.office, receipt.case_id, world)
        return receipt.case_id

    async def do(self, case_id: UUID, login: str, task: str, outcome: str, **codes: Any) -> None:  # noqa: ANN401
        """End the open item of a task as a seeded person."""
        world = self.commands.worlds[case_id]
        item = world.open(task).id
        await self.act(case_id, login, ActKind.DO, item=item, outcome=outcome, codes=codes)

    async def act(self, case_id: UUID, login: str, kind: ActKind, codes: Codes | None = None, **given: str) -> None:
        """Any act as a seeded person; raises RefusedError."""
        world = self.commands.worlds[case_id]
        world.now = datetime.now(UTC)
        world.deliver(Act(str(uuid4()), kind, world.now, actor_of(login), codes=codes or {}, **given))
        await write(self.office, case_id, world)

    async def tick(self, case_id: UUID) -> None:
        """Let the case notice the time."""
        world = self.commands.worlds[case_id]
        world.travel(datetime.now(UTC))
        await write(self.office, case_id, world)

    async def number(self, case_id: UUID) -> str:
        """The number people use."""
        return str(await self.office.scalar("SELECT number FROM cases WHERE id = :id", id=case_id))


def a_report(received: datetime, colour: str) -> dict[str, Any]:
    """What a teacher reports about a child with a name."""
    return {
        "territory": "220104001",
        "situation": "ABANDONED_UNATTENDED",
        "danger": "unknown",
        "age_band": "8_13",
        "care": "unknown",
        "colour": colour,
        "triage_row": "test",
        "police_told": False,
        "content": {"situation": "ABANDONED_UNATTENDED", "narrative": NARRATIVE, "child_name": CHILD},
        "reporter": {"reporter_name": TEACHER, "reporter_phone": "13800138000"},
        "tokens": {"name": CHILD, "pinyin": "wangxiaoming"},
        "received_at": received,
        "unit": person("school1").unit.id,
        "idempotency_key": uuid4().hex,
    }


def anyone(role: Role, territory: str = "") -> str:
    """The login of the first seeded person of a role, in a territory when it is given."""
    return next(known.name for known in DEMO_LOGINS if known.role is role and known.territory.startswith(territory))


async def session_of(app: FastAPI, login: str) -> str:
    """The secret of a new session of a seeded person, without the slow check of a password."""
    known, backend = person(login), backend_of_app(app)
    async with backend.db.unit_of_work() as tx:
        opened = await backend.sessions.open(
            tx, known.id, known.post_id, idle=timedelta(minutes=30), absolute=timedelta(hours=1)
        )
    return opened.secret


def backend_of_app(app: FastAPI) -> Backend:
    """What stands behind an app."""
    services: Services = app.state.services
    assert services.backend is not None
    return services.backend


async def enter(browser: httpx.AsyncClient, login: str) -> None:
    """Log a browser in."""
    transport = browser._transport
    assert isinstance(transport, httpx.ASGITransport)
    app = cast("FastAPI", transport.app)
    web: WebSettings = app.state.services.web
    browser.cookies.set(web.cookie("session"), await session_of(app, login))


@asynccontextmanager
async def program(cases: CaseOffice, login: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that is logged in."""
    async with cases.office.program(authorization=f"Bearer {await session_of(cases.app, login)}") as client:
        yield client


def rows(html: str) -> list[Tag]:
    """The rows of the first table with a body."""
    return list(BeautifulSoup(html, "html5lib").select("main table tbody")[0].select("tr")) if "<tbody" in html else []
