"""Acts as people do them: a claim and an acceptance at fixed instants, answered when the case has decided."""

from uuid import uuid4

from bench.figures import Figure, Result
from bench.load import Samples, pace, request
from bench.office import begin_cases, log_in, many
from bench.progress import Shown
from bench.reports import TOWNSHIPS
from bench.stack import Stack, whole_stack
from bench.watch import Watched, book_of, watched

PER_SECOND = 20.0
SECONDS, QUICK_SECONDS = 30, 5
AIM_P95_MS = 150.0
APPLIED, PENDING = 200, 202
ITEM = "accept.1.1"
BODY = '{"outcome": "accept", "note": "情况属实，立即安排现场核查。"}'.encode()


async def run(show: Shown, *, quick: bool) -> Result:
    """Every case is claimed once and then accepted once, by the officer of its county."""
    count = int(PER_SECOND * (QUICK_SECONDS if quick else SECONDS))
    with whole_stack() as stack:
        async with book_of(stack) as book:
            await begin_cases(stack, book, show, many(count, territory=TOWNSHIPS[0]))
            cases = [str(row[0]) for row in await book.rows("SELECT id FROM cases ORDER BY opened_at")]
        bearer = await log_in(stack, "county1")
        claims = [request("POST", f"/api/v1/cases/{c}/items/{ITEM}/claim", authorization=bearer) for c in cases]
        acts = [
            request(
                "POST", f"/api/v1/cases/{c}/items/{ITEM}/act", BODY,
                authorization=bearer, idempotency_key=uuid4().hex,
            )
            for c in cases
        ]  # fmt: skip
        claimed, while_claiming = await _paced(stack, show, "claims", claims)
        acted, while_acting = await _paced(stack, show, "acts", acts)
    return Result(
        name="acts",
        quick=quick,
        figures=(*_figures("act", acted, AIM_P95_MS), *_figures("claim", claimed)),
        shares=tuple(seen.shares for seen in (while_acting, while_claiming) if seen.shares),
        facts={"rate": f"{PER_SECOND:g}/s", "acts": str(count), "claims": str(count)},
        others=dict(acted.others + claimed.others),
    )


async def _paced(stack: Stack, show: Shown, what: str, wires: list[bytes]) -> tuple[Samples, Watched]:
    with show.step(f"{what} at {PER_SECOND:g}/s", len(wires)) as tick:
        async with watched(stack, what) as seen:
            samples = await pace(stack.port, wires, per_second=PER_SECOND, expect=(APPLIED, PENDING), tick=tick)
    return samples, seen


def _figures(what: str, samples: Samples, aim: float | None = None) -> tuple[Figure, ...]:
    return (
        Figure(f"{what}: p50", samples.percentile(50), "ms"),
        Figure(f"{what}: p95", samples.percentile(95), "ms", aim),
        Figure(f"{what}: p99", samples.percentile(99), "ms"),
        Figure(f"{what}: applied before the answer", samples.statuses[APPLIED], "answers"),
        Figure(f"{what}: stored, applied just after the answer", samples.statuses[PENDING], "answers"),
    )
