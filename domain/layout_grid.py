"""Where each node of a process picture stands: a column inside its stage, a row inside its lane."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.process import Process, Task

START, END = ":start", ":end"
"""Node keys of the two ends; no task key holds a colon."""

Link = tuple[str, str]

_SWEEPS = 8
_BLOCKED = 3  # rows of detour that a line costs when a box stands in its way


class NodeKind(StrEnum):
    """What a node is drawn as."""

    TASK = "task"
    TIMER = "timer"  # a task of the engine: it waits
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one node: ``stage`` and ``lane`` by index, ``column`` and ``row`` counted over the whole picture."""

    key: str
    kind: NodeKind
    stage: int
    lane: int
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells, and to which stage each column and to which lane each row belongs."""

    cells: dict[str, Cell]
    column_stage: tuple[int, ...]
    row_lane: tuple[int, ...]


def links_of(process: Process) -> list[Link]:
    """The edges as pairs of node keys, in their order."""
    return [(edge.source or START, edge.target or END) for edge in process.edges]


def place(process: Process) -> Grid:
    """The grid of a process. The same process always gives the same grid."""
    links = links_of(process)
    stages = _stages(process, links)
    lanes = _lanes(process, links)
    columns, column_stage = _columns(process, links, stages, lanes)
    row_lane, rows = _rows(links, lanes, columns, len(process.lanes))
    cells = {
        key: Cell(key, _kind(process, key), stages[key], lanes[key], columns[key], rows[key]) for key in sorted(stages)
    }
    return Grid(cells, column_stage, row_lane)


def _kind(process: Process, key: str) -> NodeKind:
    if key in {START, END}:
        return NodeKind.START if key == START else NodeKind.END
    return NodeKind.TIMER if process.task(key).is_system else NodeKind.TASK


def _stages(process: Process, links: Sequence[Link]) -> dict[str, int]:
    """Node key -> index of its stage. The start stands with the first task it leads to, the end with its last."""
    index = {stage.key: place for place, stage in enumerate(process.stages)}
    stages = {task.key: index[task.stage] for task in process.tasks}
    begins = [stages[target] for source, target in links if source == START and target in stages]
    ends = [stages[source] for source, target in links if target == END and source in stages]
    return stages | ({START: min(begins)} if begins else {}) | ({END: max(ends)} if ends else {})


def _lanes(process: Process, links: Sequence[Link]) -> dict[str, int]:
    """Node key -> index of its lane: the first that holds one of the task's roles, else that of a neighbour."""
    lanes = {task.key: lane for task in process.tasks if (lane := _lane_of(process, task)) is not None}
    last = len(process.lanes) - 1
    for key in (*(task.key for task in process.tasks if task.key not in lanes), START, END):
        near = (
            lanes[other]
            for source, target in links
            for mine, other in ((target, source), (source, target))
            if mine == key and other in lanes
        )
        lanes[key] = next(near, last)
    return lanes


def _lane_of(process: Process, task: Task) -> int | None:
    return next((at for at, (_, _, roles) in enumerate(process.lanes) if set(roles) & set(task.roles)), None)


def _columns(
    process: Process, links: Sequence[Link], stages: dict[str, int], lanes: dict[str, int]
) -> tuple[dict[str, int], tuple[int, ...]]:
    """Node key -> column, and the stage of each column: inside a stage edges lead from left to right."""
    linked = {key for link in links for key in link}
    columns: dict[str, int] = {}
    column_stage: list[int] = []
    for stage in range(len(process.stages)):
        first = len(column_stage)
        keys = [key for key, its in stages.items() if its == stage]
        ranks = _ranks([key for key in keys if key in linked], links)
        columns |= {key: first + rank for key, rank in ranks.items()}
        width = max(ranks.values(), default=0) + 1
        column_stage += [stage] * width
        for key in keys:
            if key not in linked:
                columns[key] = _emptiest(range(first, first + width), columns, lanes, lanes[key])
    return columns, tuple(column_stage)


def _emptiest(choices: Iterable[int], columns: dict[str, int], lanes: dict[str, int], lane: int) -> int:
    """The column with the least nodes of the lane, of those where boxes stand (the ends' columns are narrow)."""
    boxed = {column for key, column in columns.items() if key not in {START, END}}

    def crowd(column: int) -> tuple[bool, int]:
        return column not in boxed, sum(columns[key] == column and lanes[key] == lane for key in columns)

    return min(choices, key=crowd)


def _ranks(keys: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """The longest way from a beginning to each node, over the links between ``keys``."""
    forward = list(_acyclic([link for link in links if set(link) <= set(keys)]))
    ranks = dict.fromkeys(keys, 0)
    for _ in keys:
        for source, target in forward:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    return ranks


def _acyclic(links: Sequence[Link]) -> Iterator[Link]:
    """The links without those that would close a circle, in their order."""
    nexts: dict[str, set[str]] = {}
    for source, target in links:
        if not _reaches(nexts, target, source):
            nexts.setdefault(source, set()).add(target)
            yield source, target


def _reaches(nexts: dict[str, set[str]], source: str, target: str) -> bool:
    waiting, seen = [source], {source}
    while waiting:
        key = waiting.pop()
        if key == target:
            return True
        fresh = nexts.get(key, set()) - seen
        seen |= fresh
        waiting += sorted(fresh)
    return False


def _rows(
    links: Sequence[Link], lanes: dict[str, int], columns: dict[str, int], lane_count: int
) -> tuple[tuple[int, ...], dict[str, int]]:
    """The lane of each row, and node key -> row: as many rows in a lane as its fullest column needs."""
    groups: dict[tuple[int, int], list[str]] = {}
    for key, column in columns.items():
        groups.setdefault((lanes[key], column), []).append(key)
    depth = [max([1, *(len(keys) for (lane, _), keys in groups.items() if lane == at)]) for at in range(lane_count)]
    row_lane = tuple(lane for lane, rows in enumerate(depth) for _ in range(rows))
    rows = {key: row_lane.index(lane) + at for (lane, _), keys in groups.items() for at, key in enumerate(keys)}
    for _ in range(_SWEEPS):
        if not _improve(rows, columns, row_lane, links):
            break
    return row_lane, rows


def _improve(rows: dict[str, int], columns: dict[str, int], row_lane: Sequence[int], links: Sequence[Link]) -> bool:
    """Move nodes up and down inside their lanes while that shortens the lines; whether anything moved."""
    moved = False
    for key in sorted(rows, key=lambda key: (columns[key], rows[key])):
        at, best = rows[key], _cost(rows, columns, links)
        for row in (row for row, lane in enumerate(row_lane) if lane == row_lane[at]):
            here = rows[key]
            _swap(rows, columns, key, row)
            cost = _cost(rows, columns, links)
            if cost < best:
                best, moved = cost, True
            else:
                _swap(rows, columns, key, here)
    return moved


def _swap(rows: dict[str, int], columns: dict[str, int], key: str, row: int) -> None:
    """Put a node in a row of its column; whoever stands there takes its place."""
    for other, its in rows.items():
        if other != key and columns[other] == columns[key] and its == row:
            rows[other] = rows[key]
    rows[key] = row


def _cost(rows: dict[str, int], columns: dict[str, int], links: Sequence[Link]) -> int:
    taken = {(columns[key], rows[key]) for key in rows}
    cost = 0
    for source, target in links:
        cost += abs(rows[source] - rows[target])
        between = range(columns[source] + 1, columns[target])
        blocked = (any((column, rows[key]) in taken for column in between) for key in (source, target))
        cost += _BLOCKED if between and all(blocked) else 0
    return cost
