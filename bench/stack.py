"""The program under measurement: a stack of its own in a temporary folder, stopped by its own process at the end."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from embedded import postgres_of, running_postgres
from programs import FolderLock, Program, Running
from settings import Settings, load
from store.keys import Keyring
from supervisor import ready

START_SECONDS = 180.0
NOBODY_LISTENS = "127.0.0.1:9"
_PARTS = {"cli api": "api", "cli worker": "worker", "temporal server": "temporal", "postgres": "postgres"}


@dataclass(frozen=True, slots=True)
class Stack:
    """What is running: where it answers, where its database is, the process all others come from."""

    settings: Settings
    database_url: str
    root_pid: int

    @property
    def port(self) -> int:
        """The port of the API."""
        return self.settings.port

    def parts(self) -> dict[str, list[int]]:
        """The processes by part: api, worker, temporal, postgres, and the supervisor over them."""
        found: dict[str, list[int]] = defaultdict(list)
        for child in machine.children(self.root_pid):
            command = machine.command_of(child)
            part = next((name for mark, name in _PARTS.items() if mark in command), "")
            if part:
                found[part] += [child, *machine.descendants(child)]
        if machine.command_of(self.root_pid).rstrip().endswith("cli up"):
            found["supervisor"].append(self.root_pid)
        return dict(found)

    def memory_mb(self) -> dict[str, float]:
        """Proportional set size by part, in MB."""
        return {part: sum(map(machine.memory_mb, pids)) for part, pids in self.parts().items()}

    def processor_seconds(self) -> dict[str, float]:
        """Processor time by part so far; the load generator is this process."""
        used = {part: sum(map(machine.processor_seconds, pids)) for part, pids in self.parts().items()}
        return used | {"load": machine.processor_seconds(os.getpid()), "machine": machine.busy_seconds()}


@contextmanager
def whole_stack(**given: str) -> Iterator[Stack]:
    """``shouwang up`` with these settings on top, from nothing until the end of the block."""
    with _folder() as folder:
        environment = _environment(folder) | {name.upper(): value for name, value in given.items()}
        settings = load(**{name.lower(): value for name, value in environment.items() if value})
        up = Running(_command("up", environment, folder, stop_seconds=120.0))
        try:
            up.wait_until(lambda: ready(settings), START_SECONDS)
            yield Stack(settings, postgres_of(settings).url(), _pid_of(settings))
        finally:
            up.stop()


@contextmanager
def front_door_only() -> Iterator[Stack]:
    """The database and ``shouwang api``; no engine answers. The reports wait in the outbox."""
    with _folder() as folder:
        environment = _environment(folder) | {"TEMPORAL_ADDRESS": NOBODY_LISTENS}
        data = folder / "data"
        with FolderLock(data) as lock, running_postgres(data / "postgres", folder / "postgres.log", lock) as postgres:
            postgres.ensure_database()
            environment["DATABASE_URL"] = postgres.url()
            settings = load(**{name.lower(): value for name, value in environment.items() if value})
            Keyring.create(settings.keys)
            for step in ("migrate", "seed"):
                _run_to_end(_command(step, environment, folder))
            api = Running(_command("api", environment, folder))
            try:
                api.wait_until(lambda: _listens(settings.port), START_SECONDS)
                yield Stack(settings, postgres.url(), os.getpid())
            finally:
                api.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="shouwang-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs under another account, which must be able to pass
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """Every setting that could reach a server that is not ours is emptied."""
    return {
        "HOST": "127.0.0.1",
        "PORT": str(_free_port()),
        "TEMPORAL_PORT": str(_free_port()),
        "DATA_DIR": str(folder / "data"),
        "LOG_LEVEL": "warning",
        **dict.fromkeys(("PUBLIC_URL", "KEY_FILE", "DATABASE_URL", "TEMPORAL_ADDRESS", "SMTP_URL", "RULES"), ""),
    }


def _command(name: str, environment: dict[str, str], folder: Path, stop_seconds: float = 60.0) -> Program:
    argv = (sys.executable, "-m", "cli", name)
    return Program(name, argv, environment=environment, log=folder / f"{name}.log", stop_seconds=stop_seconds)


def _run_to_end(program: Program) -> None:
    environment = {**os.environ, **program.environment}
    subprocess.run(program.argv, env=environment, check=True, capture_output=True, timeout=START_SECONDS)


def _pid_of(settings: Settings) -> int:
    """The supervisor writes its number into the lock of the data folder."""
    return int((settings.data_dir / "up.lock").read_text())


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
