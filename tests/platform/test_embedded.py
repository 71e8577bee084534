"""The embedded PostgreSQL comes back after what machines do to it, and lets nobody else in."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import EmbeddedPostgres, reachable_database, running_address, running_postgres, temporal_program
from programs import Running, StartProblem
from settings import load


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that PostgreSQL's own account can reach when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="shouwang-test-"))
    yield path
    shutil.rmtree(path)


def test_what_was_committed_is_there_after_a_kill(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "data")
    postgres.prepare()
    server = Running(postgres.program(folder / "log"))
    server.wait_until(postgres.accepts, 60)
    postgres.ensure_database("kept")
    os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    server.stop()
    with running_postgres(folder / "data", folder / "log") as again:
        again.ensure_database("kept")
        assert again.accepts()


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_no_obstacle(folder: Path) -> None:
    with running_postgres(folder / "data", folder / "log"):
        pass
    stale = folder / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder / 'data'}\n")
    with running_postgres(folder / "data", folder / "log") as again:
        assert again.accepts()


def test_a_second_server_on_the_same_files_is_refused(folder: Path) -> None:
    with running_postgres(folder / "data", folder / "log") as first, pytest.raises(StartProblem, match="already runs"):
        EmbeddedPostgres(first.folder).prepare()


def test_a_first_start_that_broke_off_leaves_nothing_in_the_way(folder: Path) -> None:
    (folder / "data.new").mkdir()
    (folder / "data.new" / "half").write_text("x")
    with running_postgres(folder / "data", folder / "log") as postgres:
        assert postgres.accepts()
    assert not (folder / "data.new").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own(folder: Path) -> None:
    long = folder / ("long" * 20) / ("folder" * 15)
    long.mkdir(parents=True)
    for above in (long, *long.parents[:2]):
        above.chmod(0o711)
    with running_postgres(long / "data", folder / "log") as postgres:
        assert postgres.socket_folder != postgres.folder
        assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700
    shutil.rmtree(postgres.socket_folder)


def test_only_the_owner_reaches_the_socket_and_no_port_is_open(folder: Path) -> None:
    with running_postgres(folder / "data", folder / "log") as postgres:
        assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700
        pid = (folder / "data" / "postmaster.pid").read_text().splitlines()
        assert pid[5].strip() == ""  # listen_addresses


def test_rows_do_not_reach_the_log(folder: Path) -> None:
    """A violated constraint must not print the value that violated it."""
    with running_postgres(folder / "data", folder / "log") as postgres:
        bad = "CREATE TABLE t (name text UNIQUE); INSERT INTO t VALUES ('王小明'), ('王小明')"
        done = subprocess.run(
            (str(postgres.binaries / "psql"), "-h", str(postgres.socket_folder), "-U", "postgres", "-c", bad),
            capture_output=True,
        )
        assert done.returncode != 0
    log = (folder / "log").read_text()
    assert "duplicate key" in log
    assert "王小明" not in log


def test_a_command_finds_the_running_database_or_starts_it_for_itself(folder: Path) -> None:
    settings = load(data_dir=folder)
    assert running_address(settings) is None
    with reachable_database(settings) as url:
        assert running_address(settings) == url
        with reachable_database(settings) as same:
            assert same == url
    assert running_address(settings) is None


def test_the_engine_keeps_its_file_and_flushes_each_commit(tmp_path: Path) -> None:
    argv = temporal_program(load(data_dir=tmp_path, temporal_port=7300)).argv
    assert "synchronous=full" in argv
    assert argv[argv.index("--db-filename") + 1] == str(tmp_path / "temporal.db")
    assert argv[argv.index("--ip") + 1] == "127.0.0.1"
    assert "--headless" in argv
