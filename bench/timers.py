"""Clocks that all come due in the same second: how late each breach is noticed, and that it is recorded once."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, Result
from bench.load import Samples
from bench.office import begin_cases, many
from bench.progress import Shown
from bench.stack import whole_stack
from bench.watch import Book, book_of, watched

PACK = Path(__file__).with_name("same_second.toml")
LENGTH = timedelta(hours=1)
"""What the pack says; the child was found that long before the instant at which all clocks come due."""

CLOCKS, QUICK_CLOCKS = 1_000, 200
LEAD, QUICK_LEAD = timedelta(seconds=180), timedelta(seconds=60)
"""Between filing the first report and the due instant: every case must wait by then."""

PATIENCE_SECONDS = 300.0
AIM_P99_SECONDS = 10.0

_BREACHED = "SELECT count(*) FROM clock WHERE breached_at IS NOT NULL"
_RECORDED = "SELECT count(*) FROM case_event WHERE kind = 'clock.breached'"
_LAGS = """
SELECT extract(epoch FROM c.detected_at - c.due_at)::float8, extract(epoch FROM e.recorded_at - c.due_at)::float8
FROM clock c JOIN case_event e ON e.case_id = c.case_id AND e.clock = c.id AND e.kind = 'clock.breached'
"""
_TWICE = "SELECT count(*) - count(DISTINCT (case_id, clock)) FROM case_event WHERE kind = 'clock.breached'"
_WRONG = "SELECT count(*) FROM clock WHERE breached_at IS DISTINCT FROM due_at"
_INSTANTS = "SELECT count(DISTINCT due_at) FROM clock"
_NOTICES = "SELECT count(*) FROM notice WHERE breach"


async def run(show: Shown, *, quick: bool) -> Result:
    """File the reports, let every case wait, and look what becomes of the common instant."""
    count, lead = (QUICK_CLOCKS, QUICK_LEAD) if quick else (CLOCKS, LEAD)
    with whole_stack(rules=str(PACK)) as stack:
        async with book_of(stack) as book:
            due = (datetime.now(UTC) + lead).replace(microsecond=0)
            found_at = (due - LENGTH).isoformat()
            await begin_cases(stack, book, show, many(count, found="at", found_at=found_at))
            await _wait_for(due, show)
            async with watched(stack, "the clocks come due") as seen:
                with show.step("breaches recorded", count) as tick:
                    await book.until(_RECORDED, count, PATIENCE_SECONDS, tick)
            figures = await _figures(book, count)
    return Result(
        name="timers",
        quick=quick,
        figures=figures,
        shares=(seen.shares,) if seen.shares else (),
        facts={
            "clocks": f"{count:,}, all due at one instant",
            "cases the worker keeps": f"{stack.settings.max_cached_workflows}",
        },
    )


async def _wait_for(due: datetime, show: Shown) -> None:
    left = (due - datetime.now(UTC)).total_seconds()
    if left <= 0:
        raise RuntimeError("the cases took longer to begin than the clocks run; nothing was measured")
    with show.step(f"waiting {left:.0f} s for the instant"):
        await asyncio.sleep(left)


async def _figures(book: Book, count: int) -> tuple[Figure, ...]:
    rows = await book.rows(_LAGS)
    if await book.number(_INSTANTS) != 1 or await book.number(_BREACHED) != count:
        raise RuntimeError("not every clock came due at the one instant")
    noticed, recorded = Samples([row[0] for row in rows]), Samples([row[1] for row in rows])
    return (
        Figure("noticed after the due instant: p50", noticed.percentile(50) / 1000, "s"),
        Figure("noticed after the due instant: p99", noticed.percentile(99) / 1000, "s", AIM_P99_SECONDS),
        Figure("in the read model after the due instant: p50", recorded.percentile(50) / 1000, "s"),
        Figure("in the read model after the due instant: p99", recorded.percentile(99) / 1000, "s"),
        Figure("in the read model after the due instant: last", recorded.percentile(100) / 1000, "s"),
        Figure("breaches recorded", len(rows), "breaches", count, at_least=True),
        Figure("breaches recorded more than once", await book.number(_TWICE), "breaches", 0),
        Figure("breaches with another instant than the true one", await book.number(_WRONG), "breaches", 0),
        Figure("people told", await book.number(_NOTICES), "notices"),
    )
