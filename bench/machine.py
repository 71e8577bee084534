"""The machine a figure was measured on, and what the processes of the program take of it."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_FLUSHES = 50


def machine_facts() -> dict[str, str]:
    """What a reader needs to compare."""
    cpu = [line.partition(":")[2].strip() for line in _lines(PROC / "cpuinfo") if line.startswith("model name")]
    memory = next(int(line.split()[1]) for line in _lines(PROC / "meminfo") if line.startswith("MemTotal"))
    return {
        "processor": f"{os.cpu_count()} × {cpu[0] if cpu else platform.machine()}",
        "memory": f"{memory / 2**20:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "flush of a page to disk": f"{flush_ms():.2g} ms",
    }


def flush_ms() -> float:
    """The median time of making 8 KB durable where the data of a run lie."""
    taken = list[float]()
    with tempfile.TemporaryFile() as file:
        for _ in range(_FLUSHES):
            file.write(bytes(8192))
            started = time.perf_counter()
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def busy_seconds() -> float:
    """Processor seconds all processes of the machine have used so far."""
    user, nice, system, _, _, irq, soft = (int(part) for part in _lines(PROC / "stat")[0].split()[1:8])
    return (user + nice + system + irq + soft) / _TICKS


def descendants(pid: int) -> Iterator[int]:
    """The processes started by ``pid`` and by those, without ``pid`` itself."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int) -> list[int]:
    """The processes started by any thread of ``pid``; none when it has ended."""
    found: list[int] = []
    for task in PROC.glob(f"{pid}/task/*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def command_of(pid: int) -> str:
    """The command line; "" when it has ended."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far; 0 when it has ended."""
    try:
        parts = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _TICKS


def memory_mb(pid: int) -> float:
    """Proportional set size in MB: pages shared by n processes count 1/n in each. 0 when it has ended."""
    lines = _lines(PROC / str(pid) / "smaps_rollup")
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:")), 0.0)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
