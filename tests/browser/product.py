"""The product as people run it: ``shouwang up`` on free ports in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.platform.test_up import free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "Shouwang is ready"
READY_SECONDS = 120
STOP_SECONDS = 90


@contextmanager
def running_product() -> Iterator[str]:
    """Start it, give its address, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-test-"))
    port, temporal_port = free_port(), free_port()
    settings = {"PORT": str(port), "TEMPORAL_PORT": str(temporal_port), "DATA_DIR": str(folder / "data")}
    try:
        with _up({**os.environ, **settings, "PYTHONUNBUFFERED": "1"}):
            yield f"http://127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _up(environment: dict[str, str]) -> Iterator[None]:
    command = (sys.executable, "-m", "cli", "up")
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        too_late = threading.Timer(READY_SECONDS, process.kill)
        too_late.start()
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line)
                if READY in line:
                    break
            else:
                pytest.fail("".join(said[-40:]))
            too_late.cancel()
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield
        finally:
            too_late.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(STOP_SECONDS)
