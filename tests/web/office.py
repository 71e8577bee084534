"""The real application on a real database of its own: seeded people, an engine that is away."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import event, text
from temporalio.client import Client

from api.app import create_app
from api.main import open_backend, web_settings
from api.services import Backend, Services
from domain.process import Role
from domain.rules import RuleBook, pack_paths
from settings import Settings
from store.crypto import FieldCipher
from store.demo import DEMO_LOGINS, DEMO_PASSWORD, DemoLogin
from store.keys import Keyring
from store.seed import seed
from tests.web.pages import page_faults

ORIGIN = "http://testserver"
NOBODY_LISTENS = "127.0.0.1:9"
_addresses = count(1)

REPORT: dict[str, Any] = {
    "situation": "ABANDONED_UNATTENDED",
    "narrative": "放学后一直没人接，邻居说家里已经三天没有大人。𠮷",
    "found": "now",
    "territory": "220104001",
    "reporter_phone": "13800138000",
}
"""The least a report must say."""


@dataclass(frozen=True, slots=True)
class Office:
    """The app and what stands behind it."""

    app: FastAPI
    backend: Backend

    async def scalar(self, query: str, **values: object) -> Any:  # noqa: ANN401 - whatever the query asks for
        """One value of the database, as it is."""
        async with self.backend.db.read() as tx:
            return await tx.scalar(text(query), values)

    async def run(self, statement: str, **values: object) -> None:
        """Change the database behind the app's back."""
        async with self.backend.db.unit_of_work() as tx:
            await tx.execute(text(statement), values)

    @asynccontextmanager
    async def browser(self, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser at an address of its own; every page it gets is checked."""
        async with self._client({"sec-fetch-site": "same-origin", "accept": "text/html"} | headers) as client:
            client.event_hooks["response"] = [_check]
            yield client

    @asynccontextmanager
    async def program(self, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        """A program at an address of its own."""
        async with self._client(headers) as client:
            yield client

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that the app sends to the database in this block, without their values."""
        sent: list[str] = []
        engine = self.backend.db.engine.sync_engine

        def note(*given: Any) -> None:  # noqa: ANN401
            sent.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)

    @asynccontextmanager
    async def twin(self) -> AsyncIterator["Office"]:
        """A second process on the same database, as far as one test can have one."""
        settings = self.backend.settings
        async with open_backend(settings, self.backend.keyring, self.backend.book) as backend:
            yield Office(create_app(Services(web_settings(settings, backend.keyring), backend)), backend)

    def at(self, other: httpx.AsyncClient) -> httpx.AsyncClient:
        """A browser of this app at the address of a browser of another one."""
        transport = other._transport
        assert isinstance(transport, httpx.ASGITransport)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, client=transport.client), base_url=ORIGIN, headers=other.headers
        )

    def with_client(self, client: Client) -> Backend:
        """The backend with an engine that answers."""
        return replace(self.backend, client=client)

    def with_other_keys(self) -> Backend:
        """The backend as it would be after a start with a wrong key file."""
        return replace(self.backend, cipher=FieldCipher(Keyring.generate()))

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        number = next(_addresses)
        address = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 40000)
        transport = httpx.ASGITransport(app=self.app, client=address)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


async def _check(response: httpx.Response) -> None:
    if response.headers.get("content-type", "").startswith("text/html"):
        await response.aread()
        faults = page_faults(response.text)
        assert not faults, "\n".join(faults)


def login_of(role: Role) -> DemoLogin:
    """The first seeded person of a role."""
    return next(login for login in DEMO_LOGINS if login.role is role)


async def enter(browser: httpx.AsyncClient, role: Role) -> DemoLogin:
    """Log the browser in as a person of this role."""
    person = login_of(role)
    answer = await browser.post("/login", data={"login": person.name, "password": DEMO_PASSWORD})
    assert answer.status_code == 303, answer.text
    return person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(pg_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One app for a test module."""
    folder: Path = tmp_path_factory.mktemp("office")
    settings = Settings(data_dir=folder, database_url=pg_url, temporal_address=NOBODY_LISTENS, public_url="")
    keyring = Keyring.create(settings.keys)
    await seed(settings.database_url, keyring, demo=True, progress=lambda *_: None)
    book = RuleBook.load(pack_paths(settings.rules))
    async with open_backend(settings, keyring, book) as backend:
        yield Office(create_app(Services(web_settings(settings, keyring), backend)), backend)
