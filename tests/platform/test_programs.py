"""Programs end when they should, with what they started, and a data folder has one owner."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from programs import FolderLock, Program, Running, StartProblem

ROOT = Path(__file__).resolve().parents[2]
FOREVER = (
    "import signal, sys, threading; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('up', flush=True);"
)
WAIT = "threading.Event().wait()"

OWNER = f"""
import sys, threading
from pathlib import Path
from programs import FolderLock, Program, Running
folder = Path(sys.argv[1])
with FolderLock(folder) as lock:
    child = Running(Program("child", (sys.executable, "-c", {FOREVER + WAIT!r}), log=folder / "child.log"), lock)
    child.wait_until(lambda: "up" in (folder / "child.log").read_text(), 20)
    print(child._process.pid, flush=True)
    threading.Event().wait()
"""


def python(tmp_path: Path, code: str, stop_seconds: float = 20.0) -> Program:
    log = tmp_path / "log" / "program.log"
    return Program("program", (sys.executable, "-c", code), stop_seconds=stop_seconds, log=log)


def said(tmp_path: Path, word: str) -> bool:
    log = tmp_path / "log" / "program.log"
    return log.exists() and word in log.read_text()


@contextmanager
def owner_of(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = (sys.executable, "-c", OWNER, str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        try:
            yield owner, int(owner.stdout.readline())
        finally:
            owner.kill()


def test_a_program_is_asked_to_stop_and_may_finish(tmp_path: Path) -> None:
    running = Running(python(tmp_path, FOREVER + WAIT))
    running.wait_until(lambda: said(tmp_path, "up"), 20)
    assert running.exit_code is None
    assert running.stop() == 7


def test_a_program_that_will_not_stop_is_ended(tmp_path: Path) -> None:
    deaf = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    running = Running(python(tmp_path, deaf + WAIT, stop_seconds=0.2))
    running.wait_until(lambda: said(tmp_path, "up"), 20)
    assert running.stop() == -signal.SIGKILL


def test_what_a_program_left_behind_ends_with_it(tmp_path: Path) -> None:
    """The processes of a web server that was killed would otherwise keep its port."""
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '600']).pid, 'up', flush=True)"
    running = Running(python(tmp_path, code))
    running.wait_until(lambda: said(tmp_path, "up"), 20)
    orphan = int((tmp_path / "log" / "program.log").read_text().split()[0])
    running.stop()
    gone_within(orphan, 20)


def test_a_program_that_ends_at_once_says_its_last_words(tmp_path: Path) -> None:
    running = Running(python(tmp_path, "print('no room'); raise SystemExit(3)"))
    with pytest.raises(StartProblem, match=r"ended at once \(exit code 3\)\n(.|\n)*no room"):
        running.wait_until(lambda: False, 20)


def test_a_program_that_is_never_ready_is_named(tmp_path: Path) -> None:
    running = Running(python(tmp_path, FOREVER + WAIT))
    with pytest.raises(StartProblem, match="program is not ready after 0 s"):
        running.wait_until(lambda: False, 0.1)
    running.stop()


def test_a_large_log_is_put_aside_once(tmp_path: Path) -> None:
    log = tmp_path / "log" / "program.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 5_000_001)
    running = Running(python(tmp_path, "print('new')"))
    running.wait_until(lambda: said(tmp_path, "new"), 20)
    running.stop()
    assert log.with_suffix(".log.1").stat().st_size == 5_000_001
    assert log.stat().st_mode & 0o077 == 0


def test_a_data_folder_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    with (
        owner_of(tmp_path / "data") as (owner, _),
        pytest.raises(StartProblem, match=f"is in use by process {owner.pid}"),
        FolderLock(tmp_path / "data"),
    ):
        pass


def test_after_a_kill_the_next_owner_waits_for_the_orphans(tmp_path: Path) -> None:
    with owner_of(tmp_path / "data") as (owner, child):
        owner.kill()
        gone_within(owner.pid, 5)  # ended, but nobody has asked about it yet
        with FolderLock(tmp_path / "data"):
            gone_within(child, 5)


def test_a_folder_that_cannot_be_written_is_said_in_one_line() -> None:
    with (
        pytest.raises(StartProblem, match=r"^DATA_DIR /proc/nowhere cannot be written: .*$"),
        FolderLock(Path("/proc/nowhere")),
    ):
        pass


def gone_within(pid: int, seconds: float) -> None:
    """Wait until the process has ended; a zombie that nobody has asked about counts as ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], seconds)[0]
    finally:
        os.close(descriptor)
