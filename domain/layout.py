"""The picture of a process as plain geometry: stages from left to right, lanes from top to bottom, boxes and lines.

Drawn as SVG on the case page and written as BPMN DI; both take their coordinates from here. Whole pixels throughout.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from domain.layout_grid import END, START, Cell, Grid, Link, NodeKind, links_of, place
from domain.layout_routes import Route, Tracks, routes, tracks
from domain.process import Edge, Milestone, Process

__all__ = ["END", "START", "Band", "Flag", "Line", "Node", "NodeKind", "Picture", "layout"]

BOX_WIDTH, BOX_HEIGHT = 100, 58
ROUND = 30  # across, the circles of the ends and of the engine's waits
HEAD_WIDTH, HEAD_HEIGHT = 92, 34  # of the lane titles at the left, of the stage titles at the top
MARGIN = 8

_TRACK = 9
_GUTTER_LEFT, _GUTTER_RIGHT = 11, 17  # free space beside the tracks; the right one holds the arrow head
_LABEL = 64  # room for a label before the box it leads to
_CORRIDOR = 14
_FLAG = 17  # height a milestone takes above its box
_CAPTION = 16  # height the words under a circle take below the row
_LANE_END = 10
_STAGE_EDGE = 5  # a stage begins this far into the gutter, left of all tracks

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Band:
    """A stage (a column of the picture) or a lane (a row), with its title's Chinese source text."""

    key: str
    title: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Node:
    """A box or a circle. ``lane`` and ``stage`` are keys; the ends have the keys ``START`` and ``END``."""

    key: str
    kind: NodeKind
    title: str
    lane: str
    stage: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as the corners of a line of level and upright pieces.

    ``anchor`` says which side of its label stands at ``label_x``: ``start`` or ``end``; ``label_y`` is its base line.
    """

    source: str
    target: str
    label: str
    points: tuple[Point, ...]
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A milestone, planted on the upper edge of its task's box at (``x``, ``y``)."""

    key: str
    title: str
    task: str
    outcome: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw."""

    width: int
    height: int
    lanes: tuple[Band, ...]
    stages: tuple[Band, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Line, ...]
    flags: tuple[Flag, ...]

    def node(self, key: str) -> Node:
        """The node of that key; raises KeyError when there is none."""
        for node in self.nodes:
            if node.key == key:
                return node
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class _Measures:
    """Where the columns, gutters, rows and corridors of a grid lie."""

    gutter_x: tuple[int, ...]
    column_x: tuple[int, ...]
    column_width: tuple[int, ...]
    corridor_y: tuple[int, ...]
    row_y: tuple[int, ...]
    row_end: tuple[int, ...]
    width: int
    height: int

    def middle(self, row: int) -> int:
        return self.row_y[row] + BOX_HEIGHT // 2


@lru_cache(maxsize=32)
def layout(process: Process) -> Picture:
    """The picture of a process; the same for the same table, so that it is worked out once."""
    grid, links = place(process), links_of(process)
    lines = routes(grid, links)
    ways = tracks(grid, lines)
    before_target = _labels_before_target(process.edges, links)
    measures = _measure(process, grid, lines, ways, before_target)
    nodes = tuple(_node(process, grid.cells[key], measures) for key in _reading_order(grid))
    by_key = {node.key: node for node in nodes}
    edges = []
    for edge, line, before in zip(process.edges, lines, before_target, strict=True):
        points = _corners(line, measures, ways, by_key)
        x, y, anchor = _label_place(line, measures, ways, points[-1] if before else None)
        edges.append(Line(line.source, line.target, edge.label, points, x, y, anchor))
    lanes, stages = _bands(process, grid, measures)
    flags = _flags(process.milestones, by_key)
    return Picture(measures.width, measures.height, lanes, stages, nodes, tuple(edges), flags)


def _labels_before_target(edges: Sequence[Edge], links: Sequence[Link]) -> list[bool]:
    """Whether an edge's label stands before its target: only where no other line joins it there."""
    entering = Counter(target for _, target in links)
    return [bool(edge.label) and entering[target] == 1 for edge, (_, target) in zip(edges, links, strict=True)]


def _reading_order(grid: Grid) -> list[str]:
    return sorted(grid.cells, key=lambda key: (grid.cells[key].column, grid.cells[key].row))


def _size(kind: NodeKind) -> tuple[int, int]:
    return (BOX_WIDTH, BOX_HEIGHT) if kind is NodeKind.TASK else (ROUND, ROUND)


def _measure(process: Process, grid: Grid, lines: Sequence[Route], ways: Tracks, labelled: Sequence[bool]) -> _Measures:
    columns, rows = len(grid.column_stage), len(grid.row_lane)
    cells = grid.cells.values()
    widths = [_column_width(grid, column) for column in range(columns)]
    with_label = {line.last for line, label in zip(lines, labelled, strict=True) if label}
    gutters = [
        _GUTTER_LEFT + _TRACK * len(ways.gutters.get(gutter, {})) + (_LABEL if gutter in with_label else _GUTTER_RIGHT)
        for gutter in range(columns + 1)
    ]
    steps = [part for pair in zip(gutters, [*widths, 0], strict=True) for part in pair]
    xs = list(accumulate(steps, initial=MARGIN + HEAD_WIDTH))
    flags = Counter(milestone.task for milestone in process.milestones)
    above = [max((flags[cell.key] for cell in cells if cell.row == row), default=0) * _FLAG for row in range(rows)]
    below = [_CAPTION * any(c.row == row and c.kind is NodeKind.TIMER for c in cells) for row in range(rows)]
    corridor_y, row_y, row_end = [], [], []
    y = MARGIN + HEAD_HEIGHT
    for row in range(rows + 1):
        corridor_y.append(y)
        y += _CORRIDOR + _TRACK * (max(ways.corridors.get(row, {"": -1}).values()) + 1)
        if row < rows:
            row_y.append(y + above[row])
            last = row + 1 == rows or grid.row_lane[row + 1] != grid.row_lane[row]
            y = row_y[row] + BOX_HEIGHT + below[row] + _LANE_END * last
            row_end.append(y)
    row_end[-1] = y
    return _Measures(
        tuple(xs[:-1:2]), tuple(xs[1:-1:2]), tuple(widths), tuple(corridor_y), tuple(row_y), tuple(row_end),
        xs[-1] + MARGIN, y + MARGIN,
    )  # fmt: skip


def _column_width(grid: Grid, column: int) -> int:
    """As wide as the widest node: a timer needs a box's width for its words."""
    kinds = [cell.kind for cell in grid.cells.values() if cell.column == column]
    return max((ROUND if kind in {NodeKind.START, NodeKind.END} else BOX_WIDTH for kind in kinds), default=BOX_WIDTH)


def _node(process: Process, cell: Cell, measures: _Measures) -> Node:
    width, height = _size(cell.kind)
    return Node(
        key=cell.key,
        kind=cell.kind,
        title="" if cell.kind in {NodeKind.START, NodeKind.END} else process.task(cell.key).title,
        lane=process.lanes[cell.lane][0],
        stage=process.stages[cell.stage].key,
        x=measures.column_x[cell.column] + (measures.column_width[cell.column] - width) // 2,
        y=measures.middle(cell.row) - height // 2,
        width=width,
        height=height,
    )


def _corners(line: Route, measures: _Measures, ways: Tracks, nodes: dict[str, Node]) -> tuple[Point, ...]:
    source, target = nodes[line.source], nodes[line.target]

    def track_x(gutter: int) -> int:
        return measures.gutter_x[gutter] + _GUTTER_LEFT + _TRACK * ways.gutters[gutter].get(line.source, 0)

    start = (source.x + source.width, source.y + source.height // 2)
    end = (target.x, target.y + target.height // 2)
    first, last = track_x(line.first), track_x(line.last)
    y = _along_y(line, measures, ways)
    return _simplified([start, (first, start[1]), (first, y), (last, y), (last, end[1]), end])


def _along_y(line: Route, measures: _Measures, ways: Tracks) -> int:
    """The height at which a line runs from its first gutter to its last."""
    at = line.along // 2
    if line.along % 2:
        return measures.middle(at)
    return measures.corridor_y[at] + _CORRIDOR // 2 + _TRACK * ways.corridors[at][line.source]


def _label_place(line: Route, measures: _Measures, ways: Tracks, end: Point | None) -> tuple[int, int, str]:
    """Before the ``end`` of the line when given, else where its long piece begins, clear of the tracks there."""
    if end is not None:
        return end[0] - 6, end[1] - 5, "end"
    gutter = min(line.first, line.last)
    clear = measures.gutter_x[gutter] + _GUTTER_LEFT + _TRACK * len(ways.gutters[gutter])
    return clear, _along_y(line, measures, ways) - 5, "start"


def _simplified(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners only: no point twice, none in the middle of a straight piece."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _straight(one: Point, two: Point, three: Point) -> bool:
    return one[0] == two[0] == three[0] or one[1] == two[1] == three[1]


def _bands(process: Process, grid: Grid, measures: _Measures) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """The lanes and the stages. A stage begins at the gutter before its first column."""
    right, bottom = measures.width - MARGIN, measures.height - MARGIN
    tops = [measures.corridor_y[grid.row_lane.index(lane)] for lane in range(len(process.lanes))] + [bottom]
    lefts = [measures.gutter_x[grid.column_stage.index(at)] + _STAGE_EDGE for at in range(len(process.stages))] + [
        right
    ]
    lanes = tuple(
        Band(key, title, MARGIN, tops[at], right - MARGIN, tops[at + 1] - tops[at])
        for at, (key, title, _) in enumerate(process.lanes)
    )
    stages = tuple(
        Band(stage.key, stage.title, lefts[at], MARGIN, lefts[at + 1] - lefts[at], bottom - MARGIN)
        for at, stage in enumerate(process.stages)
    )
    return lanes, stages


def _flags(milestones: Sequence[Milestone], nodes: dict[str, Node]) -> tuple[Flag, ...]:
    planted: Counter[str] = Counter()
    flags = []
    for milestone in milestones:
        node = nodes[milestone.task]
        y = node.y - _FLAG * planted[milestone.task]
        flags.append(Flag(milestone.key, milestone.title, milestone.task, milestone.outcome, node.x, y))
        planted[milestone.task] += 1
    return tuple(flags)
