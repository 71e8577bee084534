"""A deadline that holds even when the server is frozen, and database errors in the store's own words."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import psycopg_pool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as QueueTimeout

from store.errors import DatabaseUnavailable, RowRefused, StoreError, UnknownReference


@contextmanager
def deadline(connection: psycopg.AsyncConnection[Any], seconds: float) -> Iterator[None]:
    """Cut the connection when the block has not ended in time.

    Cancelling the task would not do: the driver then asks the server to cancel and waits for its answer, and a frozen
    server gives none. A socket that is shut down ends the wait at once, and the pool throws the connection away.
    """
    timer = asyncio.get_running_loop().call_later(seconds, _cut, connection)
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: psycopg.AsyncConnection[Any]) -> None:
    if connection.closed:
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # already gone


@contextmanager
def in_store_words() -> Iterator[None]:
    """Turn driver errors into :mod:`store.errors`; what they say about values stays behind."""
    try:
        yield
    except (QueueTimeout, psycopg_pool.PoolTimeout, psycopg_pool.PoolClosed):
        raise DatabaseUnavailable("no connection to the database in time") from None
    except DBAPIError as error:
        raise _translate(error.orig) from None
    except psycopg.Error as error:
        raise _translate(error) from None


def _translate(error: BaseException | None) -> StoreError:
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        return UnknownReference(f"no such row: {error.diag.constraint_name}")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return DatabaseUnavailable(f"the database did not answer ({error.sqlstate or type(error).__name__})")
    if isinstance(error, psycopg.Error):
        return RowRefused(type(error).__name__, error.diag.constraint_name or "")
    return RowRefused(type(error).__name__)
