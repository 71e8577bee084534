"""Programs that run beside this process and end with it: how one is described, started, watched and stopped."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
LOG_BYTES = 5_000_000
TAIL_LINES = 12
LEFTOVER_SECONDS = 60.0

_libc = ctypes.CDLL(None, use_errno=True)


class StartProblem(Exception):
    """Something outside the program keeps it from starting or running; the text is one plain line."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged system account a program runs as when this process is root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. ``log`` None: it writes to this process's own output.

    ``stop_signal`` asks it to end; it is also sent by the kernel when this process dies without asking.
    """

    name: str
    argv: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 30.0
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    log: Path | None = None


def open_data_folder(folder: Path) -> None:
    """Create the data folder; raises StartProblem when it cannot be written."""
    # Root's PostgreSQL runs under another account, which must be able to pass; nobody else needs to.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise StartProblem(f"DATA_DIR {folder} cannot be written: {problem.strerror}") from None


class FolderLock:
    """Whoever holds it owns a data folder, which is created when it is not there.

    Programs inherit the lock, so it is free only after the last of them has ended, whatever became of their parent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "up.lock"
        self.descriptor = -1

    def __enter__(self) -> Self:
        open_data_folder(self.folder)
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take()
        except BaseException:
            os.close(self.descriptor)
            raise
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.descriptor)

    def _take(self) -> None:
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            owner = os.pread(self.descriptor, 20, 0).decode()
            if _lives(owner):
                raise StartProblem(f"DATA_DIR {self.folder} is in use by process {owner}; stop it first")
            if time.monotonic() > deadline:
                raise StartProblem(f"processes of an earlier run still hold {self.path}; end them first")
            time.sleep(0.2)


class Running:
    """A started program."""

    def __init__(self, program: Program, lock: FolderLock | None = None) -> None:
        self.program = program
        self.started_at = time.monotonic()
        output = _open_log(program.log) if program.log else None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **program.environment},
                cwd="/" if program.account else None,  # the account may not be able to enter ours
                # Ctrl-C reaches the whole foreground group: an own session leaves the order of stopping to us.
                start_new_session=True,
                pass_fds=(lock.descriptor,) if lock else (),
                user=program.account.uid if program.account else None,
                group=program.account.gid if program.account else None,
                extra_groups=() if program.account else None,
                umask=0o077,
                preexec_fn=_die_with_parent(program.stop_signal),  # noqa: PLW1509 - one prctl call
            )
        finally:
            if output:
                os.close(output)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return as soon as ``ready()``; raises StartProblem when it ends before, or when the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.exit_code is not None:
                raise StartProblem(
                    f"{self.program.name} ended at once (exit code {self.exit_code}){self._last_words()}"
                )
            if time.monotonic() > deadline:
                raise StartProblem(f"{self.program.name} is not ready after {seconds:.0f} s{self._last_words()}")
            time.sleep(0.1)

    def stop(self) -> int:
        """Ask it to end, wait, and make sure; also ends what it left in its group. Returns the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(self.program.stop_signal)
        try:
            return self._process.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self._kill_group()
            return self._process.wait()
        finally:
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _last_words(self) -> str:
        log = self.program.log
        if log is None or not log.exists():
            return ""
        lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "".join(f"\n  {line}" for line in [f"{log}:", *lines])


def _lives(pid: str) -> bool:
    """Whether the process runs; one that has ended but was not asked about yet does not."""
    try:
        state = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] if pid.isdigit() else "X"
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    return lambda: _libc.prctl(PARENT_DEATH_SIGNAL, int(stop_signal)) and None


def _open_log(path: Path) -> int:
    """Append to ``path``, keeping one earlier file once it has grown large."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
