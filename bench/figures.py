"""What a measurement leaves behind: figures, each with its aim where there is one, and how they came about."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bench.machine import machine_facts

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. ``aim``: the bound it is held to, an upper one unless ``at_least``."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None when there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    @property
    def aim_words(self) -> str:
        """The aim as people read it."""
        return "" if self.aim is None else f"{'≥' if self.at_least else '≤'} {said(self.aim)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Shares:
    """Seconds of processor time by part of the program while a load ran."""

    during: str
    lasted: float
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario that was run. ``others``: answers that were not as expected."""

    name: str
    quick: bool
    figures: tuple[Figure, ...]
    shares: tuple[Shares, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    machine: Mapping[str, str] = field(default_factory=machine_facts)

    @property
    def command(self) -> str:
        """How to run it again."""
        return f"python -m bench {self.name}" + (" --quick" if self.quick else "")

    def write(self) -> Path:
        """Keep it; a quick run never replaces a whole one."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.name}{'.quick' if self.quick else ''}.json"
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return path

    @classmethod
    def read(cls, name: str) -> Self | None:
        """The last whole run, else the last quick one."""
        paths = (RESULTS / f"{name}.json", RESULTS / f"{name}.quick.json")
        path = next((path for path in paths if path.exists()), None)
        if path is None:
            return None
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        figures = tuple(Figure(**figure) for figure in kept.pop("figures"))
        shares = tuple(Shares(**share) for share in kept.pop("shares"))
        return cls(figures=figures, shares=shares, **kept)


def said(value: float) -> str:
    """A number with three significant digits, or whole."""
    if value != value:  # noqa: PLR0124 - not a number: nothing was measured
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
