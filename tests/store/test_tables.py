"""The database refuses what the program must not write; the trail and the history cannot be changed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import CheckConstraint, DateTime, insert, inspect, text
from sqlmodel import SQLModel

from embedded import EmbeddedPostgres
from store import migrate
from store.database import Database
from store.errors import DatabaseUnavailable, RowRefused
from store.tables import METADATA, Case, Clock, Notice, Outbox, Person, Post, Report, Submission, Unit, WorkItem
from store.types import UtcDateTime
from tests.store.factory import NOW, TOWNSHIP

GOOD: dict[type[SQLModel], dict[str, Any]] = {
    Unit: {"id": uuid4(), "name": "校", "kind": "school", "territory": TOWNSHIP, "active": True},
    Person: {"id": uuid4(), "login": "lower", "password_hash": "", "name_enc": b"", "active": True,
             "must_change": False, "created_at": NOW},
    Report: {"id": uuid4(), "receipt": "JL", "idem_scope": "s", "idem_key": "k", "body_hash": b"", "territory": "22",
             "situation": "UNSURE", "danger": "no", "age_band": "unknown", "care": "unknown", "colour": "green",
             "triage_row": "r", "police_told": False, "omission": False, "content_enc": b"", "case_id": uuid4()},
    Submission: {"id": uuid4(), "case_id": uuid4(), "kind": "do", "item": "", "task": "", "clock": "", "outcome": "",
                 "reason": "", "other": "", "codes": {}, "role": "police", "territory": "2201", "idem_key": "k",
                 "body_hash": b"", "received_at": NOW, "state": "pending"},
    Outbox: {"kind": "start", "case_id": uuid4(), "ref_id": uuid4(), "due_first": NOW},
    Case: {"id": uuid4(), "number": "n", "process": "protection", "version": 1, "territory": "220104",
           "county": "220104", "status": "open", "stage": "report", "round": 1, "hops": 0, "facts": {}, "involved": [],
           "rev": 1, "opened_at": NOW, "updated_at": NOW},
    WorkItem: {"case_id": uuid4(), "id": "i", "process": "p", "task": "t", "round": 1, "tag": "", "attempt": 1,
               "stage": "s", "status": "open", "held": False, "territory": "22", "roles": [], "opened_at": NOW,
               "statutory": False, "outcome": "", "by_hand": False, "subject": "", "codes": {}, "starts": {}, "rev": 1},
    Clock: {"case_id": uuid4(), "id": "c", "item": "i", "rule": "r", "kind": "wait", "statutory": True,
            "start_at": NOW, "due_at": NOW, "status": "running", "provisional": False, "calendar_version": "",
            "extensions": 0, "extendable": 0, "stop_reasons": [], "stops": [], "rev": 1},
}  # fmt: skip

BAD: list[tuple[type[SQLModel], dict[str, Any]]] = [
    (Unit, {"kind": "circus"}),
    (Unit, {"territory": "2"}),
    (Unit, {"territory": "22010"}),
    (Unit, {"territory": "2201aa"}),
    (Unit, {"name": None}),
    (Person, {"login": "Upper"}),
    (Person, {"login": ""}),
    (Report, {"situation": "HUNGRY"}),
    (Report, {"danger": "perhaps"}),
    (Report, {"age_band": "grown_up"}),
    (Report, {"care": "none"}),
    (Report, {"colour": "pink"}),
    (Report, {"receipt": ""}),
    (Report, {"territory": ""}),
    (Report, {"content_enc": None}),
    (Report, {"received_at": NOW, "discovered_at": NOW.replace(year=NOW.year + 1)}),
    (Submission, {"kind": "claim"}),
    (Submission, {"kind": "dance"}),
    (Submission, {"state": "lost"}),
    (Submission, {"role": "king"}),
    (Submission, {"state": "refused"}),
    (Submission, {"state": "applied"}),
    (Outbox, {"kind": "stop"}),
    (Case, {"status": "gone"}),
    (Case, {"status": "closed"}),
    (Case, {"colour": "grey"}),
    (Case, {"round": 0}),
    (Case, {"rev": -1}),
    (WorkItem, {"status": "lost"}),
    (Clock, {"kind": "guess"}),
    (Clock, {"status": "late"}),
    (Clock, {"detected_at": NOW}),
]


async def write(db: Database, model: type[SQLModel], changes: dict[str, Any]) -> None:
    """Insert a good row with these changes, then take it back."""
    async with db.engine.connect() as tx:
        try:
            await tx.execute(insert(model).values({**GOOD[model], **changes}))
        finally:
            await tx.rollback()


@pytest.mark.parametrize("model", GOOD, ids=lambda model: model.__tablename__)
async def test_a_good_row_is_taken(db: Database, model: type[SQLModel]) -> None:
    await write(db, model, {})


@pytest.mark.parametrize(("model", "changes"), BAD, ids=[f"{m.__tablename__}-{c}" for m, c in BAD])
async def test_garbage_is_refused_by_the_database(db: Database, model: type[SQLModel], changes: dict[str, Any]) -> None:
    with pytest.raises(RowRefused):
        async with db.unit_of_work() as tx:
            await tx.execute(insert(model).values({**GOOD[model], **changes}))


async def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        await write(db, Clock, {"due_at": NOW.replace(tzinfo=None)})


@pytest.mark.parametrize("table", ["audit", "case_event"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET role = 'x'", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_trail_and_history_cannot_be_changed(db: Database, table: str, change: str) -> None:
    with pytest.raises(RowRefused, match="InsufficientPrivilege"):
        async with db.unit_of_work() as tx:
            await tx.execute(text(change.format(table)))


def test_every_instant_is_a_timestamp_with_time_zone() -> None:
    columns = [column for table in METADATA.sorted_tables for column in table.columns]
    instants = [column for column in columns if isinstance(column.type, DateTime) or column.name.endswith("_at")]
    assert instants
    assert all(isinstance(column.type, UtcDateTime) for column in instants)


def test_no_model_loads_another_behind_ones_back() -> None:
    for model in (Case, Clock, Notice, Outbox, Person, Post, Report, Submission, Unit, WorkItem):
        assert not list(inspect(model).relationships)


CATALOG = """
SELECT 'column', c.table_name, c.column_name,
       concat_ws(' ', c.data_type, c.collation_name, c.character_maximum_length, c.is_nullable, c.column_default,
                 c.is_identity)
FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT 'sequence', '', sequencename, '' FROM pg_sequences WHERE schemaname = 'public'
"""


def catalog(url: str) -> set[tuple[str, ...]]:
    """Everything a database says about its tables: columns, constraints, indexes, sequences."""
    with migrate.connection(url) as connection:
        return {tuple(row) for row in connection.execute(text(CATALOG))}


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database without tables."""
    name = f"shouwang_test_{uuid4().hex[:12]}"
    postgres.ensure_database(name)
    yield postgres.url(name)
    postgres.drop_database(name)


def test_migrations_go_up_down_and_up_again(empty_url: str) -> None:
    assert migrate.check(empty_url) == ["database is at revision none, the program needs 0001"]
    migrate.upgrade(empty_url)
    first = catalog(empty_url)
    migrate.downgrade(empty_url)
    assert catalog(empty_url) == set()
    migrate.upgrade(empty_url)
    migrate.upgrade(empty_url)
    assert catalog(empty_url) == first
    assert migrate.check(empty_url) == []


def test_the_migrated_database_is_the_one_the_models_describe(empty_url: str, pg_url: str) -> None:
    with migrate.connection(empty_url) as connection:
        METADATA.create_all(connection)
    assert catalog(empty_url) == catalog(pg_url)


def test_a_drift_is_said(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with migrate.connection(empty_url) as connection:
        connection.execute(text("ALTER TABLE unit DROP COLUMN active"))
    assert any("active" in difference for difference in migrate.check(empty_url))


def test_a_database_that_is_away_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        migrate.upgrade(f"postgresql://u:secret@/d?host={tmp_path}")


def test_every_check_has_a_name() -> None:
    checks = [c for table in METADATA.sorted_tables for c in table.constraints if isinstance(c, CheckConstraint)]
    assert checks
    assert all(re.fullmatch(r"[a-z_]+", str(check.name)) for check in checks)
