"""``shouwang up`` as a person uses it: start, Ctrl-C, start again, and again after a kill."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "Shouwang is ready"
READY_SECONDS = 90

pytestmark = pytest.mark.slow


def free_port() -> int:
    """A port nobody listens on, below those the system hands out by itself: what is started takes some of them."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="shouwang-test-"))
    ports = {"PORT": str(free_port()), "TEMPORAL_PORT": str(free_port())}
    yield {**os.environ, **ports, "DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    shutil.rmtree(folder)


@contextmanager
def up(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run it until it says that it is ready."""
    command = (sys.executable, "-m", "cli", "up")
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        too_late = threading.Timer(READY_SECONDS, process.kill)
        too_late.start()
        said: list[str] = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if READY in line:
                    break
            else:
                pytest.fail("".join(said[-40:]))
            too_late.cancel()
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield process
        finally:
            too_late.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(90)


def ask(environment: dict[str, str], path: str) -> tuple[int, dict[str, object]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}{path}", timeout=10) as answer:
        return answer.status, json.load(answer)


def cluster_identity(environment: dict[str, str]) -> bytes:
    """The number PostgreSQL gave itself when its files were made."""
    return (Path(environment["DATA_DIR"]) / "postgres" / "global" / "pg_control").read_bytes()[:8]


def test_it_starts_stops_and_starts_again_on_the_same_data(environment: dict[str, str]) -> None:
    with up(environment) as process:
        assert ask(environment, "/healthz")[0] == 200
        status, parts = ask(environment, "/readyz")
        assert status == 200
        assert parts
        identity, keys = cluster_identity(environment), (Path(environment["DATA_DIR"]) / "keys.json").read_bytes()
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
    with up(environment) as process:
        assert cluster_identity(environment) == identity
        assert (Path(environment["DATA_DIR"]) / "keys.json").read_bytes() == keys
        process.kill()
        process.wait()
    with up(environment) as process:
        assert ask(environment, "/readyz")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0


def test_what_it_started_answers_nobody_afterwards(environment: dict[str, str]) -> None:
    for name in ("PORT", "TEMPORAL_PORT"):
        with socket.create_server(("127.0.0.1", int(environment[name]))):
            pass
