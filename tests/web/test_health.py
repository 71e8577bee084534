"""Liveness asks nobody; readiness names every dependency and what is wrong with it."""

from datetime import UTC, datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from api.readiness import Readiness
from tests.web.office import REPORT, Office

NAMES = ["database", "migrations", "keys", "temporal", "outbox", "rules", "calendar"]


async def test_the_process_answers_without_asking_anybody(office: Office) -> None:
    with office.statements() as statements:
        async with office.program() as program:
            answer = await program.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert not list(statements)


async def test_readiness_names_the_engine_that_is_away_and_reports_are_still_taken(office: Office) -> None:
    async with office.program() as program:
        answer = await program.get("/readyz")
        report = await program.post("/api/v1/reports", json=REPORT)
    found = answer.json()["dependencies"]
    assert answer.status_code == 503
    assert list(found) == NAMES
    assert [name for name in NAMES if not found[name]["ok"]] == ["temporal"]
    assert report.status_code == 201


async def test_all_well_with_an_engine(office: Office, temporal_env: WorkflowEnvironment) -> None:
    well, found = await Readiness(office.with_client(temporal_env.client)).ask()
    assert well, found
    assert found["rules"]["rules"] > 50
    assert found["calendar"]["known_through"] == "2026-12-31"


async def test_hand_overs_that_wait_too_long_are_told(office: Office) -> None:
    async with office.program() as program:
        await program.post("/api/v1/reports", json=REPORT)
    await office.run("UPDATE outbox SET due_first = :then", then=datetime.now(UTC) - timedelta(hours=1))
    _, found = await Readiness(office.backend).ask()
    await office.run("UPDATE outbox SET done_at = now()")
    assert found["outbox"]["ok"] is False
    assert found["outbox"]["waiting"] >= 1 and found["outbox"]["oldest_seconds"] >= 3600


async def test_a_database_at_another_revision_is_told(office: Office) -> None:
    before = await office.scalar("SELECT version_num FROM alembic_version")
    await office.run("UPDATE alembic_version SET version_num = 'elsewhere'")
    _, found = await Readiness(office.backend).ask()
    await office.run("UPDATE alembic_version SET version_num = :before", before=before)
    assert found["migrations"]["ok"] is False
    assert "elsewhere" in found["migrations"]["reason"]


async def test_other_keys_than_the_database_was_written_with_are_told(office: Office) -> None:
    _, found = await Readiness(office.with_other_keys()).ask()
    assert found["keys"] == {"ok": False, "reason": "KeysDamaged"}
