"""Brings a database to the tables this program was written for. One process at a time; a second one waits its turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from store.database import driver_url
from store.errors import DatabaseUnavailable
from store.tables import METADATA

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x5348_4F55_5741_4E47  # any fixed number: this program's migrations
_OLDEST_SERVER = 150_000


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up to ``revision``. Harmless when it is there already."""
    with connection(url) as opened:
        command.upgrade(_config(opened), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to ``revision``. Deletes what later revisions added, with their data."""
    with connection(url) as opened:
        command.downgrade(_config(opened), revision)


def check(url: str) -> list[str]:
    """What stands between the database and this program: empty when it is at head and its tables match the models."""
    with connection(url) as opened:
        context = MigrationContext.configure(opened)
        head = ScriptDirectory.from_config(_config(opened)).get_current_head()
        current = context.get_current_revision()
        if current != head:
            return [f"database is at revision {current or 'none'}, the program needs {head}"]
        return [str(difference) for difference in compare_metadata(context, METADATA)]


def _config(opened: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = opened
    return config


@contextmanager
def connection(url: str) -> Iterator[Connection]:
    """A connection in one transaction, under the migration lock, to a server that is new enough."""
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as opened:
            server = opened.scalar(text("SELECT current_setting('server_version_num')::int"))
            if server is None or server < _OLDEST_SERVER:
                raise DatabaseUnavailable(f"PostgreSQL 15 or later is needed, the server is {server}")
            opened.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield opened
    except (OperationalError, psycopg.OperationalError) as error:
        reason = type(error.orig).__name__ if isinstance(error, OperationalError) else type(error).__name__
        raise DatabaseUnavailable(f"the database cannot be reached or is busy ({reason})") from None
    finally:
        engine.dispose()
