"""What tests of several parts share: one PostgreSQL, one Temporal server, keys that are not secret."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from embedded import EmbeddedPostgres, running_postgres, temporal_binary
from engine import PayloadKeys, data_converter, ensure_search_attributes

PAYLOAD_KEYS = PayloadKeys("test", {"test": bytes(range(32))})
TEST_DATABASE = "shouwang_test_"
TIME_SKIPPING = "frontend.WorkflowTimeSkippingEnabled=true"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server per test run, in a folder that goes away. ``fsync`` is off: no test here survives a power cut."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-test-"))
    try:
        with running_postgres(folder / "data", folder / "log", fsync="off", full_page_writes="off") as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_template(postgres: EmbeddedPostgres) -> str:
    """A database built by the migrations, once; the others are copies of it."""
    from store.migrate import upgrade

    name = f"{TEST_DATABASE}template"
    postgres.ensure_database(name)
    upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="module")
def pg_url(postgres: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """The address of a fresh, migrated, empty database for one test module."""
    name = f"{TEST_DATABASE}{uuid4().hex[:12]}"
    postgres.ensure_database(name, template=migrated_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_env() -> AsyncIterator[WorkflowEnvironment]:
    """The real server with a virtual clock per workflow: months in seconds. One per test run; use your own ids."""
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(max_session_skip_count=5000),
        data_converter=data_converter(PAYLOAD_KEYS),
        dev_server_existing_path=temporal_binary(),
        dev_server_extra_args=["--dynamic-config-value", TIME_SKIPPING],
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        await ensure_search_attributes(environment.client)
        yield environment
