"""Ten thousand open cases: how long they take to begin, how fast the lists stay, what the whole stack needs."""

import asyncio

from bench.figures import Figure, Result
from bench.load import Samples, request, send_all
from bench.office import begin_cases, log_in, log_in_page, many
from bench.progress import Shown
from bench.stack import Stack, whole_stack
from bench.watch import book_of, watched

CASES, QUICK_CASES = 10_000, 1_000
LOOKS, QUICK_LOOKS = 200, 40
REST_SECONDS = 15.0
READ_MEMORY_SECONDS = 5.0
AIM_MB = 1500.0
LOOKERS = 1


async def run(show: Shown, *, quick: bool) -> Result:
    """Cases in three counties; a county officer and a supervisor of the province look at their lists."""
    count, looks = (QUICK_CASES, QUICK_LOOKS) if quick else (CASES, LOOKS)
    with whole_stack() as stack:
        async with (
            book_of(stack) as book,
            watched(stack, "beginning the cases", memory_every_seconds=READ_MEMORY_SECONDS) as seen,
        ):
            receipts, begun = await begin_cases(stack, book, show, many(count))
        lists = [
            figure
            for what, path, headers in await _readers(stack)
            for figure in _figures(what, await _look(stack, show, what, request("GET", path, b"", **headers), looks))
        ]
        with show.step("at rest"):
            await asyncio.sleep(REST_SECONDS)
        parts = stack.memory_mb()
    return Result(
        name="open10k",
        quick=quick,
        figures=(
            Figure("all cases open after", begun, "s"),
            Figure("cases begun", count / begun, "/s"),
            Figure("all receipts given after", receipts, "s"),
            *lists,
            Figure("memory of the whole stack, all cases open", sum(parts.values()), "MB", AIM_MB),
            *(Figure(f"… of it {part}", megabytes, "MB") for part, megabytes in sorted(parts.items())),
            Figure("memory of the whole stack, highest while they began", seen.peak_mb, "MB"),
        ),
        shares=(seen.shares,) if seen.shares else (),
        facts={"open cases": f"{count:,}", "cases the worker keeps": f"{stack.settings.max_cached_workflows}"},
    )


async def _readers(stack: Stack) -> list[tuple[str, str, dict[str, str]]]:
    """Who looks at what: the county officer at a third of the cases, the province at all of them."""
    county, province = await log_in(stack, "county1"), await log_in(stack, "province1")
    return [
        ("tasks of a county, API", "/api/v1/tasks", {"authorization": county}),
        ("cases of the province, API", "/api/v1/cases", {"authorization": province}),
        ("tasks of a county, page", "/tasks", {"cookie": await log_in_page(stack, "county1")}),
        ("cases of the province, page", "/cases", {"cookie": await log_in_page(stack, "province1")}),
    ]


async def _look(stack: Stack, show: Shown, what: str, wire: bytes, looks: int) -> Samples:
    with show.step(what, looks) as tick:
        samples = await send_all(stack.port, [wire] * looks, clients=LOOKERS, expect=200, tick=tick)
    if samples.others:
        raise RuntimeError(f"{what}: {dict(samples.others)}")
    return samples


def _figures(what: str, samples: Samples) -> tuple[Figure, Figure]:
    return (
        Figure(f"{what}: p50", samples.percentile(50), "ms"),
        Figure(f"{what}: p95", samples.percentile(95), "ms"),
    )
