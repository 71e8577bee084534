"""``docs/performance.md``, written from the kept figures: what was measured, how, on what, and whether it is enough."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.figures import Figure, Result, Shares, said
from bench.scenarios import SCENARIOS, Scenario

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
MET = {True: "yes", False: "**no**", None: ""}
_PARTS = {
    "load": "load generator",
    "api": "API",
    "worker": "worker",
    "postgres": "PostgreSQL",
    "temporal": "Temporal",
    "supervisor": "supervisor",
}

_HEAD = """# Performance

Figures of the whole program on one small machine: database, engine, worker, API and the load generator share its
processors. Written by `python -m bench report` from `bench/results/`; nobody edits it by hand.

`make bench` measures everything anew (a quarter to half an hour), `python -m bench NAME` one scenario, `--quick` a
short form of it that is kept apart. Every run has a stack of its own in a temporary folder, on free ports of this
machine, as durable as in service (every commit is flushed), and stops it at its end.
"""


def write_page() -> Path:
    """Write the page anew from what is kept; scenarios that never ran are named."""
    found = [(scenario, Result.read(name)) for name, scenario in SCENARIOS.items()]
    kept = [(scenario, result) for scenario, result in found if result is not None]
    missing = [scenario.title for scenario, result in found if result is None]
    lines = [_HEAD, *_overview([result for _, result in kept])]
    if missing:
        lines += ["", f"Not measured yet: {', '.join(missing)}."]
    for scenario, result in kept:
        lines += ["", *_section(scenario, result)]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return PAGE.relative_to(PAGE.parents[1])


def _overview(results: Iterable[Result]) -> Iterator[str]:
    yield "## Aims"
    yield ""
    yield "| | measured | aim | met |"
    yield "|---|---:|---:|---|"
    for result in results:
        title = SCENARIOS[result.name].title
        for figure in result.figures:
            if figure.aim is not None:
                yield f"| {title}: {figure.what} | {_value(figure)} | {figure.aim_words} | {MET[figure.met]} |"


def _section(scenario: Scenario, result: Result) -> Iterator[str]:
    yield f"## {scenario.title}"
    yield ""
    yield scenario.method
    yield ""
    facts = "; ".join(f"{name}: {value}" for name, value in result.facts.items())
    machine = ", ".join(f"{name} {value}" for name, value in result.machine.items())
    yield f"`{result.command}`, {result.at[:10]} {result.at[11:16]} UTC. {facts}."
    yield f"Machine: {machine}."
    yield ""
    yield "| | measured | aim | met |"
    yield "|---|---:|---:|---|"
    for figure in result.figures:
        yield f"| {figure.what} | {_value(figure)} | {figure.aim_words} | {MET[figure.met]} |"
    for what, often in result.others.items():
        yield ""
        yield f"Not as expected, {often} ×: `{what}`"
    if result.shares:
        yield ""
        yield from _shares(result.shares)


def _shares(shares: tuple[Shares, ...]) -> Iterator[str]:
    """Which part used the processors, in percent of one; what other programs of the machine took is said too."""
    parts = [part for part in _PARTS if any(part in each.seconds for each in shares)]
    yield f"| processors used (100 = one of them) | {' | '.join(_PARTS[part] for part in parts)} | other programs |"
    yield f"|---|{'---:|' * (len(parts) + 1)}"
    for each in shares:
        ours = [each.seconds.get(part, 0.0) for part in parts]
        others = max(0.0, each.seconds.get("machine", 0.0) - sum(ours))
        cells = " | ".join(f"{seconds / each.lasted * 100:.0f}" for seconds in [*ours, others])
        yield f"| {each.during} | {cells} |"


def _value(figure: Figure) -> str:
    return f"{said(figure.value)} {figure.unit}"
