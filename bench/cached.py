"""What the worker needs for each case it keeps in memory, measured on the worker itself as its cache fills."""

import asyncio
import statistics

from bench.figures import Figure, Result
from bench.office import begin_cases, many
from bench.progress import Shown
from bench.stack import Stack, whole_stack
from bench.watch import book_of

FIRST, MORE = 500, 2_000
QUICK_FIRST, QUICK_MORE = 100, 300
REST_SECONDS = 10.0
READINGS = 5
AIM_KB = 100.0


async def run(show: Shown, *, quick: bool) -> Result:
    """A cache that holds all of them; the first cases fill pools and caches that do not grow with each case."""
    first, more = (QUICK_FIRST, QUICK_MORE) if quick else (FIRST, MORE)
    with whole_stack(max_cached_workflows=str(first + more)) as stack:
        async with book_of(stack) as book:
            await begin_cases(stack, book, show, many(first))
            before = await _worker_mb(stack, show)
            await begin_cases(stack, book, show, many(more))
            after = await _worker_mb(stack, show)
    return Result(
        name="cached",
        quick=quick,
        figures=(
            Figure("worker, for each case that waits in its cache", (after - before) * 1000 / more, "KB", AIM_KB),
            Figure(f"worker with {first:,} cases", before, "MB"),
            Figure(f"worker with {first + more:,} cases", after, "MB"),
        ),
        facts={"cases": f"{first:,}, then {more:,} more", "cases the worker may keep": f"{first + more:,}"},
    )


async def _worker_mb(stack: Stack, show: Shown) -> float:
    """The median of some readings once nothing happens any more."""
    readings = list[float]()
    with show.step("at rest", READINGS) as tick:
        for _ in range(READINGS):
            await asyncio.sleep(REST_SECONDS / READINGS)
            readings.append(stack.memory_mb()["worker"])
            tick(1)
    return statistics.median(readings)
