"""The geometry of process pictures: nothing overlaps, everything stands in its lane and stage, lines keep clear."""

from itertools import combinations, pairwise

import pytest

from domain.layout import END, START, Line, Node, NodeKind, Picture, layout
from domain.process import Edge, Level, Milestone, Outcome, Process, Role, Stage, Task
from domain.protection import PROTECTION


def _task(key: str, stage: str, role: Role) -> Task:
    return Task(key, stage, key, (role,), Level.COUNTY, (Outcome("done", "done"),))


LOOPING = Process(
    key="small",
    version=1,
    title="small",
    basis="",
    stages=(Stage("one", "One"), Stage("empty", "Empty"), Stage("two", "Two")),
    lanes=(
        ("desk", "Desk", (Role.COUNTY_OFFICER,)),
        ("idle", "Idle", (Role.POLICE,)),
        ("top", "Top", (Role.CITY_OFFICER,)),
    ),
    tasks=(
        _task("draft", "one", Role.COUNTY_OFFICER),
        _task("check", "one", Role.CITY_OFFICER),
        _task("redraft", "one", Role.COUNTY_OFFICER),
        _task("publish", "two", Role.COUNTY_OFFICER),
        _task("wait", "two", Role.SYSTEM),
        _task("alone", "two", Role.CITY_OFFICER),
        _task("stranger", "two", Role.REGISTRAR),
    ),
    milestones=(Milestone("a", "A", "publish", "done"), Milestone("b", "B", "publish", "done")),
    edges=(
        Edge("", "draft"),
        Edge("draft", "check"),
        Edge("check", "redraft", "again"),
        Edge("redraft", "check"),
        Edge("check", "check", "self"),
        Edge("check", "publish"),
        Edge("redraft", "publish", "straight on"),
        Edge("publish", "draft", "from the start"),
        Edge("publish", "wait"),
        Edge("wait", ""),
    ),
)

PICTURES = pytest.mark.parametrize("process", [PROTECTION, LOOPING], ids=lambda process: str(process.key))


def _overlap(one: Node, two: Node) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def _crosses(line: Line, node: Node) -> bool:
    """Whether a piece of the line runs through the inside of the node."""
    for (x1, y1), (x2, y2) in pairwise(line.points):
        if (
            min(x1, x2) < node.x + node.width
            and max(x1, x2) > node.x
            and min(y1, y2) < node.y + node.height
            and max(y1, y2) > node.y
        ):
            return True
    return False


@PICTURES
def test_every_task_is_drawn_once(process: Process) -> None:
    keys = [node.key for node in layout(process).nodes]
    assert sorted(keys) == sorted([START, END, *(task.key for task in process.tasks)])


@PICTURES
def test_no_two_nodes_overlap(process: Process) -> None:
    assert [(a.key, b.key) for a, b in combinations(layout(process).nodes, 2) if _overlap(a, b)] == []


@PICTURES
def test_every_node_stands_inside_its_lane_and_stage(process: Process) -> None:
    picture = layout(process)
    lanes = {band.key: band for band in picture.lanes}
    stages = {band.key: band for band in picture.stages}
    for node in picture.nodes:
        lane, stage = lanes[node.lane], stages[node.stage]
        assert lane.y <= node.y and node.y + node.height <= lane.y + lane.height, node.key
        assert stage.x <= node.x and node.x + node.width <= stage.x + stage.width, node.key


@PICTURES
def test_the_bands_fill_the_picture_without_gap(process: Process) -> None:
    picture = layout(process)
    assert all(upper.y + upper.height == lower.y for upper, lower in pairwise(picture.lanes))
    assert all(left.x + left.width == right.x for left, right in pairwise(picture.stages))
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for line in picture.edges for x, y in line.points)


@PICTURES
def test_lines_are_upright_or_level_and_tie_their_nodes(process: Process) -> None:
    picture = layout(process)
    assert len(picture.edges) == len(process.edges)
    for line in picture.edges:
        source, target = picture.node(line.source), picture.node(line.target)
        assert line.points[0] == (source.x + source.width, source.y + source.height // 2)
        assert line.points[-1] == (target.x, target.y + target.height // 2)
        assert all((x1 == x2) != (y1 == y2) for (x1, y1), (x2, y2) in pairwise(line.points))


@PICTURES
def test_no_line_runs_through_a_box(process: Process) -> None:
    picture = layout(process)
    assert [(ln.source, ln.target, n.key) for ln in picture.edges for n in picture.nodes if _crosses(ln, n)] == []


@PICTURES
def test_lines_of_different_sources_never_lie_on_each_other_upright(process: Process) -> None:
    def uprights(line: Line) -> list[tuple[int, int, int]]:
        return [(x1, min(y1, y2), max(y1, y2)) for (x1, y1), (x2, y2) in pairwise(line.points) if x1 == x2]

    for one, two in combinations(layout(process).edges, 2):
        if one.source != two.source:
            for x, top, bottom in uprights(one):
                shared = [part for part in uprights(two) if part[0] == x and part[1] < bottom and top < part[2]]
                assert shared == [], (one.source, one.target, two.source, two.target)


def _leads_on(picture: Picture, edge: Edge) -> bool:
    return picture.node(edge.source or START).x < picture.node(edge.target or END).x


def test_the_protection_process_reads_from_left_to_right() -> None:
    picture = layout(PROTECTION)
    assert [edge for edge in PROTECTION.edges if not _leads_on(picture, edge)] == []


def test_a_task_stands_in_the_first_lane_that_holds_one_of_its_roles() -> None:
    picture = layout(PROTECTION)
    assert picture.node("onsite_check").lane == "field"
    assert picture.node("reprimand").lane == "police"
    assert picture.node("conference").lane == "county"


def test_a_wait_of_the_engine_is_a_timer_beside_the_task_before_it() -> None:
    picture = layout(PROTECTION)
    assert picture.node("reopen_window").kind is NodeKind.TIMER
    assert picture.node("reopen_window").lane == picture.node("approve_close").lane


def test_a_role_in_no_lane_is_drawn_in_the_last() -> None:
    assert layout(LOOPING).node("stranger").lane == "top"


def test_milestones_of_one_task_are_stacked() -> None:
    flags = layout(LOOPING).flags
    node = layout(LOOPING).node("publish")
    assert [flag.x for flag in flags] == [node.x, node.x]
    assert flags[0].y == node.y > flags[1].y


def test_the_same_process_gives_the_same_picture() -> None:
    first = layout(PROTECTION)
    layout.cache_clear()
    assert layout(PROTECTION) == first


def test_an_unknown_node_is_refused() -> None:
    with pytest.raises(KeyError):
        layout(LOOPING).node("nowhere")
