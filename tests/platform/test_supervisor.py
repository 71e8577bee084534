"""The supervisor brings back what ends, stops in the right order, and says in one line why it cannot start."""

import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from programs import FolderLock, Program, StartProblem
from settings import load
from store.errors import KeysMissing
from store.keys import Keyring
from supervisor import Supervisor, ensure_keys, ready, require_free_ports

WAITS = "import threading; print('up', flush=True); threading.Event().wait()"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with FolderLock(tmp_path) as lock:
        made = Supervisor(load(data_dir=tmp_path), lock, said.append)
        yield made
        made.stop()


def program(tmp_path: Path, name: str, code: str = WAITS) -> Program:
    return Program(name, (sys.executable, "-c", code), log=tmp_path / f"{name}.log")


def test_a_taken_port_is_named_with_its_setting(taken: int) -> None:
    for settings, name in (
        (load(port=taken), "PORT"),
        (load(port=65001, temporal_port=taken), "TEMPORAL_PORT"),
        (load(port=65001, temporal_port=65002, temporal_ui_port=taken), "TEMPORAL_UI_PORT"),
    ):
        with pytest.raises(StartProblem, match=rf"^{name} {taken} on 127.0.0.1 cannot be used: "):
            require_free_ports(settings)


def test_a_port_of_a_server_elsewhere_is_not_looked_at(taken: int) -> None:
    require_free_ports(load(port=65001, temporal_port=taken, temporal_address="engine.example:7233"))


def test_a_new_folder_gets_keys_and_an_old_one_must_have_them(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path)
    ensure_keys(settings)
    before = settings.keys.read_bytes()
    ensure_keys(settings)
    assert settings.keys.read_bytes() == before
    settings.keys.unlink()
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(KeysMissing):
        ensure_keys(settings)


def test_keys_are_never_made_for_a_database_elsewhere(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path, database_url="postgresql://u@h/d")
    with pytest.raises(KeysMissing):
        ensure_keys(settings)
    Keyring.create(settings.keys)
    ensure_keys(settings)


def test_a_program_that_ends_is_started_again(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    count = tmp_path / "count"
    dies_once = f"from pathlib import Path; p = Path({str(count)!r}); n = p.exists(); p.touch(); n or exit(9);" + WAITS
    supervisor._launch(program(tmp_path, "worker", dies_once))
    watch = threading.Thread(target=supervisor.watch)
    watch.start()
    log = tmp_path / "worker.log"
    try:
        supervisor._launch(program(tmp_path, "other")).wait_until(lambda: log.exists() and "up" in log.read_text(), 30)
    finally:
        supervisor.request_stop()
        watch.join()
    assert said[0] == "worker ended with exit code 9; starting it again in 1 s"


def test_programs_stop_in_the_opposite_order(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    for name in ("PostgreSQL", "Temporal", "worker", "api"):
        supervisor._launch(program(tmp_path, name))
    supervisor.stop()
    assert said == ["stopping api", "stopping worker", "stopping Temporal", "stopping PostgreSQL"]


def test_an_api_that_does_not_answer_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert not ready(load(port=port))
