"""``shouwang up``: everything on one machine, under one process that starts, watches and stops the rest."""

import http
import http.client
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from embedded import POSTGRES_SECONDS, TEMPORAL_SECONDS, postgres_of, temporal_answers, temporal_program
from programs import FolderLock, Program, Running, StartProblem
from settings import Settings
from store.keys import Keyring

READY_SECONDS = 120.0
STEP_SECONDS = 1800.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0

Say = Callable[[str], None]


def require_free_ports(settings: Settings) -> None:
    """Raises StartProblem naming the first setting whose port somebody else listens on."""
    wanted = [("PORT", settings.host, settings.port)]
    if settings.embedded_temporal:
        wanted.append(("TEMPORAL_PORT", "127.0.0.1", settings.temporal_port))
        if settings.temporal_ui_port:
            wanted.append(("TEMPORAL_UI_PORT", "127.0.0.1", settings.temporal_ui_port))
    for name, host, port in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as problem:
                raise StartProblem(f"{name} {port} on {host} cannot be used: {problem.strerror}") from None


def ensure_keys(settings: Settings) -> None:
    """Make the keys of a new embedded database; every later start must find them. Raises KeysMissing, KeysDamaged."""
    new = settings.embedded_database and not postgres_of(settings).exists
    if new and not settings.keys.exists():
        Keyring.create(settings.keys)
    Keyring.load(settings.keys)


class Supervisor:
    """The programs in the order in which they were started; they stop in the opposite order."""

    def __init__(self, settings: Settings, lock: FolderLock, say: Say) -> None:
        self.settings = settings
        self._lock = lock
        self._say = say
        self._running: list[Running] = []
        self._failures: dict[str, int] = {}
        self._restart_at: dict[str, float] = {}
        self._stop = threading.Event()

    def request_stop(self) -> None:
        """Ask the watch to end; safe in a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def start(self) -> None:
        """Start everything in order; returns when the API says that it is ready."""
        ensure_keys(self.settings)
        temporal = self._launch(temporal_program(self.settings)) if self.settings.embedded_temporal else None
        if self.settings.embedded_database:
            self._start_database()
        self._step("migrate")
        if self.settings.demo_seed:
            self._step("seed")
        if temporal:
            temporal.wait_until(self._or_stop(lambda: temporal_answers(self.settings)), TEMPORAL_SECONDS)
            self.settings = self.settings.with_addresses(temporal_address=self.settings.temporal_target)
            self._say(f"Temporal answers on {self.settings.temporal_target}")
        self._launch(self._command("worker", stop_seconds=40.0))
        api = self._launch(self._command("api", stop_seconds=30.0))
        api.wait_until(self._or_stop(lambda: ready(self.settings)), READY_SECONDS)

    def watch(self) -> None:
        """Restart what ends unasked, with growing pauses, until a stop is requested."""
        while not self._stop.wait(0.25):
            for place, running in enumerate(self._running):
                if running.exit_code is not None:
                    self._revive(place, running)

    def stop(self) -> None:
        """Stop everything, the last started first."""
        while self._running:
            running = self._running.pop()
            self._say(f"stopping {running.program.name}")
            running.stop()

    def _start_database(self) -> None:
        postgres = postgres_of(self.settings)
        postgres.prepare()
        server = self._launch(postgres.program(self.settings.data_dir / "log" / "postgres.log"))
        server.wait_until(self._or_stop(postgres.accepts), POSTGRES_SECONDS)
        postgres.ensure_database()
        self.settings = self.settings.with_addresses(database_url=postgres.url())
        self._say(f"PostgreSQL answers in {postgres.folder}")

    def _launch(self, program: Program) -> Running:
        running = Running(program, self._lock)
        self._running.append(running)
        return running

    def _step(self, command: str) -> None:
        """Run one of our own commands to its end; its output goes to ours."""
        step = Running(self._command(command), self._lock)
        deadline = time.monotonic() + STEP_SECONDS
        while step.exit_code is None and not self.stopping and time.monotonic() < deadline:
            time.sleep(0.05)
        if code := step.stop():
            raise StartProblem(f"`shouwang {command}` failed (exit code {code}); its lines above say why")

    def _command(self, command: str, stop_seconds: float = 30.0) -> Program:
        argv = (sys.executable, "-m", "cli", command)
        return Program(command, argv, stop_seconds=stop_seconds, environment=self._environment())

    def _environment(self) -> dict[str, str]:
        """What this process found out on top of the environment it was given itself."""
        return {
            "DATABASE_URL": self.settings.database_url,
            "TEMPORAL_ADDRESS": self.settings.temporal_target,
            "DATA_DIR": str(self.settings.data_dir),
            "KEY_FILE": str(self.settings.keys),
            "PYTHONUNBUFFERED": "1",
        }

    def _or_stop(self, condition: Callable[[], bool]) -> Callable[[], bool]:
        """A condition that gives way when somebody presses Ctrl-C while we wait for it."""

        def met() -> bool:
            if self.stopping:
                raise Stopped
            return condition()

        return met

    def _revive(self, place: int, ended: Running) -> None:
        name, now = ended.program.name, time.monotonic()
        if name not in self._restart_at:
            steady = now - ended.started_at > STEADY_SECONDS
            self._failures[name] = 0 if steady else self._failures.get(name, 0) + 1
            pause = min(LONGEST_PAUSE, 2.0 ** self._failures[name] - 1)
            self._restart_at[name] = now + pause
            self._say(f"{name} ended with exit code {ended.exit_code}; starting it again in {pause:.0f} s")
        if now >= self._restart_at[name]:
            del self._restart_at[name]
            ended.stop()
            self._running[place] = Running(ended.program, self._lock)


class Stopped(Exception):
    """Somebody asked to stop while things were starting."""


def ready(settings: Settings) -> bool:
    """Whether ``/readyz`` answers that every dependency is there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - dialled, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(settings.origin).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def up(settings: Settings, say: Say, greet: Say) -> int:
    """Run everything until SIGINT, SIGTERM or SIGHUP. Returns the exit code; raises StartProblem."""
    with FolderLock(settings.data_dir) as lock:
        require_free_ports(settings)
        supervisor = Supervisor(settings, lock, say)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.request_stop())
        try:
            supervisor.start()
            greet(settings.origin)
            supervisor.watch()
        except Stopped:
            return 0
        finally:
            supervisor.stop()
    return 0
