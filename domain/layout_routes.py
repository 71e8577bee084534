"""How the lines of a process picture run between the boxes.

Lines leave a box to the right and enter one from the left. Between two columns lies a gutter, above every row a
corridor; a line goes straight along a row whose cells are free, else through a corridor. All lines of one source share
their way (a trunk), lines of different sources get tracks of their own.

Heights are positions: corridor ``c`` is ``2c``, row ``r`` is ``2r + 1``. Gutter ``g`` lies left of column ``g``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations

from domain.layout_grid import Cell, Grid, Link

_PERMUTED = 6  # tracks of a gutter up to this number are put into their best order, more by a rule of thumb
_OVERLAP = 100  # two lines on top of each other are worse than any number of crossings


@dataclass(frozen=True, slots=True)
class Route:
    """One line: from the source into gutter ``first``, to position ``along``, to gutter ``last``, to the target."""

    source: str
    target: str
    first: int
    along: int
    last: int


@dataclass(slots=True)
class Trunk:
    """The vertical piece of one source's lines in one gutter, and where lines join it from the left and the right."""

    lefts: set[int] = field(default_factory=set)
    rights: set[int] = field(default_factory=set)

    @property
    def low(self) -> int:
        """The upper end."""
        return min(self.lefts | self.rights)

    @property
    def high(self) -> int:
        """The lower end."""
        return max(self.lefts | self.rights)

    def spans(self, position: int) -> bool:
        """Whether a horizontal line at that position would cross."""
        return self.low < position < self.high


@dataclass(frozen=True, slots=True)
class Tracks:
    """Track numbers by gutter or corridor, and source."""

    gutters: Mapping[int, Mapping[str, int]]
    corridors: Mapping[int, Mapping[str, int]]


def row_position(row: int) -> int:
    """The position of a row's middle."""
    return 2 * row + 1


def routes(grid: Grid, links: Sequence[Link]) -> list[Route]:
    """A route for each link, in the order of the links; the short ones choose first."""
    taken = {(cell.column, cell.row): "" for cell in grid.cells.values()}
    found: dict[int, Route] = {}
    by_span = sorted(enumerate(links), key=lambda row: abs(_span(grid, row[1])))
    for place, (source, target) in by_span:
        found[place] = _route(grid.cells[source], grid.cells[target], taken)
    return [found[place] for place in range(len(links))]


def _span(grid: Grid, link: Link) -> int:
    return grid.cells[link[1]].column - grid.cells[link[0]].column


def _route(source: Cell, target: Cell, taken: dict[tuple[int, int], str]) -> Route:
    first, last = source.column + 1, target.column
    if first == last:
        return Route(source.key, target.key, first, row_position(target.row), last)
    if first < last:
        for row in (target.row, source.row):
            cells = [(column, row) for column in range(first, last)]
            if all(taken.get(cell, source.key) == source.key for cell in cells):
                taken.update(dict.fromkeys(cells, source.key))
                return Route(source.key, target.key, first, row_position(row), last)
    corridor = target.row + 1 if target.row < source.row else target.row
    return Route(source.key, target.key, first, 2 * corridor, last)


def tracks(grid: Grid, lines: Iterable[Route]) -> Tracks:
    """Track numbers that keep the lines of different sources apart."""
    gutters: dict[int, dict[str, Trunk]] = {}
    corridors: dict[int, dict[str, tuple[int, int]]] = {}
    for line in lines:
        start, end = (row_position(grid.cells[key].row) for key in (line.source, line.target))
        forward = line.first <= line.last
        first = gutters.setdefault(line.first, {}).setdefault(line.source, Trunk())
        last = gutters.setdefault(line.last, {}).setdefault(line.source, Trunk())
        first.lefts.add(start)
        last.rights.add(end)
        if line.first != line.last:
            (first.rights if forward else first.lefts).add(line.along)
            (last.lefts if forward else last.rights).add(line.along)
        if line.along % 2 == 0:
            spans = corridors.setdefault(line.along // 2, {})
            span = sorted((line.first, line.last))
            known = spans.get(line.source, (span[0], span[1]))
            spans[line.source] = (min(known[0], span[0]), max(known[1], span[1]))
    return Tracks(
        {gutter: _ordered(trunks) for gutter, trunks in gutters.items()},
        {corridor: _packed(spans) for corridor, spans in corridors.items()},
    )


def _ordered(trunks: Mapping[str, Trunk]) -> dict[str, int]:
    """Tracks from left to right with the fewest crossings; trunks without height need none."""
    standing = {source: trunk for source, trunk in trunks.items() if trunk.low < trunk.high}
    order: Iterable[str] = sorted(standing, key=lambda source: (-standing[source].low, source))
    if len(standing) <= _PERMUTED:
        order = min(permutations(order), key=lambda names: _crossings([standing[name] for name in names]))
    return {source: track for track, source in enumerate(order)}


def _crossings(trunks: Sequence[Trunk]) -> int:
    cost = 0
    for left, right in combinations(trunks, 2):
        cost += sum(right.spans(position) for position in left.rights)
        cost += sum(left.spans(position) for position in right.lefts)
        cost += _OVERLAP * len(left.rights & right.lefts)
    return cost


def _packed(spans: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Tracks from top to bottom; spans that do not touch may share one."""
    found: dict[str, int] = {}
    ends: list[int] = []
    for source, (low, high) in sorted(spans.items(), key=lambda row: (row[1], row[0])):
        free = next((track for track, end in enumerate(ends) if end < low), len(ends))
        ends[free : free + 1] = [high]
        found[source] = free
    return found
