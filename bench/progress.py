"""What is shown while a measurement runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Tick = Callable[[int], None]


class Shown:
    """Steps of a scenario, one line each."""

    def __init__(self, bars: Progress, scenario: str) -> None:
        self._bars = bars
        self._scenario = scenario

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator[Tick]:
        """A line with a bar; the block is given what moves it on."""
        bar = self._bars.add_task(f"{self._scenario}: {what}", total=total)
        yield lambda done: self._bars.advance(bar, done)
        finished = self._bars.tasks[bar].completed
        self._bars.update(bar, total=total or finished or 1, completed=total or finished or 1)

    def say(self, line: str) -> None:
        """A line of its own."""
        self._bars.console.print(line)


@contextmanager
def shown(scenario: str) -> Iterator[Shown]:
    """Bars for the length of a scenario."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bars:
        yield Shown(bars, scenario)
