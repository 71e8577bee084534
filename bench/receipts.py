"""Receipts acknowledged per second: reports by the API, stored and flushed before each answer."""

from bench import reports
from bench.figures import Figure, Result, Shares
from bench.load import Samples, saturate
from bench.progress import Shown
from bench.stack import Stack, front_door_only, whole_stack
from bench.watch import BACKLOG, CASES, book_of, watched

CLIENTS = 16
SECONDS, QUICK_SECONDS = 30.0, 5.0
WARM_UP_SECONDS = 3.0
BODIES = 20_000
AIM_PER_SECOND, AIM_P95_MS = 800.0, 60.0

ALONE, TOGETHER = "front door alone", "whole stack"


async def run(show: Shown, *, quick: bool) -> Result:
    """The front door alone, where the aim is set; then the same load while the engine takes the cases over."""
    seconds = QUICK_SECONDS if quick else SECONDS
    with front_door_only() as stack:
        alone, shares = await _load(stack, show, ALONE, seconds)
    with whole_stack() as stack:
        together, shared = await _load(stack, show, TOGETHER, seconds)
        async with book_of(stack) as book:
            begun, waiting = await book.number(CASES), await book.number(BACKLOG)
    return Result(
        name="receipts",
        quick=quick,
        figures=(
            *_figures(ALONE, alone, AIM_PER_SECOND, AIM_P95_MS),
            Figure(f"{ALONE}: processor time of API and database for one", _cost_ms(alone, shares), "ms"),
            *_figures(TOGETHER, together),
            Figure(f"{TOGETHER}: cases begun meanwhile", begun / (seconds + WARM_UP_SECONDS), "/s"),
            Figure(f"{TOGETHER}: reports still to be handed over at the end", waiting, "reports"),
        ),
        shares=(shares, shared),
        facts={"clients": str(CLIENTS), "body": f"{len(reports.body())} bytes", "each load": f"{seconds:g} s"},
        others=dict(alone.others + together.others),
    )


async def _load(stack: Stack, show: Shown, what: str, seconds: float) -> tuple[Samples, Shares]:
    source = reports.stock(BODIES)
    requests = source.__next__
    with show.step(f"{what}, warming up") as tick:
        await saturate(stack.port, requests, clients=CLIENTS, seconds=WARM_UP_SECONDS, expect=201, tick=tick)
    with show.step(f"{what}, measuring") as tick:
        async with watched(stack, what) as seen:
            samples = await saturate(stack.port, requests, clients=CLIENTS, seconds=seconds, expect=201, tick=tick)
    assert seen.shares is not None
    return samples, seen.shares


def _cost_ms(samples: Samples, shares: Shares) -> float:
    """What a receipt costs: unlike the rate it stays when the machine has other things to do."""
    return (shares.seconds["api"] + shares.seconds["postgres"]) / len(samples.seconds) * 1000


def _figures(what: str, samples: Samples, rate: float | None = None, p95: float | None = None) -> tuple[Figure, ...]:
    return (
        Figure(f"{what}: receipts", samples.per_second, "/s", rate, at_least=True),
        Figure(f"{what}: p50", samples.percentile(50), "ms"),
        Figure(f"{what}: p95", samples.percentile(95), "ms", p95),
        Figure(f"{what}: p99", samples.percentile(99), "ms"),
    )
