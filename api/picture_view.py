"""What the template of the process picture draws, and the rows of the table beside it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from jinja2 import Environment
from markupsafe import Markup

from api.clock_view import moment_words
from api.i18n import Language
from api.picture import STATE_WORDS, NodeState, State
from api.picture_text import wrap
from domain.layout import MARGIN, Band, Line, Node, NodeKind, Picture, Point, layout
from domain.process import Process
from domain.words import N_

TEMPLATE = "components/process.svg.j2"

_ENDS: Mapping[NodeKind, str] = {NodeKind.START: N_("开始"), NodeKind.END: N_("结束")}
_LINE, _SMALL_LINE = 16, 13
_CORNER = 5
_LEGEND_HEIGHT, _LEGEND_STEP = 40, 128


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of words; ``x`` and the base line ``y``."""

    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class NodeView:
    """One box or circle as drawn; ``label`` says everything about it in words."""

    node: Node
    state: str
    label: str
    lines: tuple[TextLine, ...]
    badge: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class EdgeView:
    """One line as an SVG path with rounded corners, and its label."""

    path: str
    anchor: str
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class BandView:
    """A lane or stage and its title, broken into lines."""

    band: Band
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class FlagView:
    """A milestone's flag."""

    x: int
    y: int
    words: str
    label: str
    reached: bool


@dataclass(frozen=True, slots=True)
class PictureView:
    """Everything the template needs. ``role``: an image, or a group when it holds links."""

    id: str
    role: str
    title: str
    description: str
    picture: Picture
    height: int
    lanes: tuple[BandView, ...]
    stages: tuple[BandView, ...]
    edges: tuple[EdgeView, ...]
    nodes: tuple[NodeView, ...]
    flags: tuple[FlagView, ...]
    legend: tuple[NodeView, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One task in the table that stands for the picture; all words are in the reader's language."""

    stage: str
    lane: str
    task: str
    state: str
    state_words: str
    count: int
    due: str
    note: str
    href: str


def picture_view(
    process: Process,
    states: Mapping[str, NodeState],
    language: Language,
    *,
    links: Mapping[str, str] | None = None,
    reached: Collection[str] = (),
    badge_from: int = 2,
) -> PictureView:
    """The picture with its live state. ``links``: task key -> address of the item; a badge shows counts from
    ``badge_from`` on (1 for a picture of many cases)."""
    picture, say, links = layout(process), language.gettext, links or {}
    nodes = tuple(
        _node(node, states.get(node.key), language, links.get(node.key, ""), badge_from) for node in picture.nodes
    )
    return PictureView(
        id=f"process-{process.key}",
        role="group" if links else "img",
        title=say(process.title),
        description=_description(states, say(N_("自左至右为办理阶段，自上至下为办理单位。")), language),
        picture=picture,
        height=picture.height + _LEGEND_HEIGHT,
        lanes=tuple(_lane(band, language) for band in picture.lanes),
        stages=tuple(_stage(band, language) for band in picture.stages),
        edges=tuple(_edge(line, language) for line in picture.edges),
        nodes=nodes,
        flags=tuple(
            FlagView(
                flag.x,
                flag.y,
                say(flag.title),
                say(N_("里程碑：%(title)s")) % {"title": say(flag.title)},
                flag.key in reached,
            )
            for flag in picture.flags
        ),
        legend=_legend(picture, language),
    )


def render_svg(environment: Environment, view: PictureView) -> Markup:
    """The ``<svg>`` element; the environment escapes."""
    return Markup(environment.get_template(TEMPLATE).render(view=view))  # noqa: S704 - rendered with autoescape on


def picture_rows(
    process: Process, states: Mapping[str, NodeState], language: Language, links: Mapping[str, str] | None = None
) -> list[TableRow]:
    """The same as a table: one row a task, in the order of the stages."""
    say, picture = language.gettext, layout(process)
    lanes = {band.key: say(band.title) for band in picture.lanes}
    rows = []
    for stage in process.stages:
        for task in (task for task in process.tasks if task.stage == stage.key):
            state = states.get(task.key, NodeState(State.WAITING))
            rows.append(
                TableRow(
                    stage=say(stage.title),
                    lane=lanes[picture.node(task.key).lane],
                    task=say(task.title),
                    state=state.state,
                    state_words=say(STATE_WORDS[state.state]),
                    count=state.count,
                    due=moment_words(state.due_at, language) if state.due_at else "",
                    note=say(state.note) if state.note else "",
                    href=(links or {}).get(task.key, ""),
                )
            )
    return rows


def _description(states: Mapping[str, NodeState], lead: str, language: Language) -> str:
    """How many tasks stand in each state, in words."""
    say = language.gettext
    counts = {state: sum(its.state is state for its in states.values()) for state in State}
    told = [
        say(N_("%(state)s：%(count)d 项")) % {"state": say(words), "count": counts[state]}
        for state, words in STATE_WORDS.items()
        if counts[state]
    ]
    return " ".join((lead, *told))


def _node(node: Node, state: NodeState | None, language: Language, href: str, badge_from: int) -> NodeView:
    say = language.gettext
    if node.kind in _ENDS:
        words = say(_ENDS[node.kind])
        return NodeView(node, node.kind, words, _below(node, words))
    state = state or NodeState(State.WAITING)
    title = say(node.title)
    parts = [title, say(STATE_WORDS[state.state])]
    if state.count > 1:
        parts.append(say(N_("%(count)d 件")) % {"count": state.count})
    if state.due_at:
        parts.append(say(N_("截止 %(due)s")) % {"due": moment_words(state.due_at, language)})
    if state.note:
        parts.append(say(state.note))
    lines = _below(node, title) if node.kind is NodeKind.TIMER else _inside(node, title)
    badge = state.count if state.count >= badge_from else 0
    return NodeView(
        node, state.state, "，".join(parts) if language.code == "zh" else ", ".join(parts), lines, badge, href
    )


def _inside(node: Node, words: str) -> tuple[TextLine, ...]:
    lines = wrap(words, 13, lines=4)
    step = _LINE if len(lines) < 4 else _SMALL_LINE
    top = node.y + node.height // 2 + 5 - step * (len(lines) - 1) // 2
    return tuple(TextLine(node.x + node.width // 2, top + step * at, line) for at, line in enumerate(lines))


def _below(node: Node, words: str) -> tuple[TextLine, ...]:
    top = node.y + node.height + 13
    return tuple(
        TextLine(node.x + node.width // 2, top + _SMALL_LINE * at, line)
        for at, line in enumerate(wrap(words, 14, lines=2))
    )


def _lane(band: Band, language: Language) -> BandView:
    lines = wrap(language.gettext(band.title), 12, lines=4)
    top = band.y + band.height // 2 + 5 - _LINE * (len(lines) - 1) // 2
    return BandView(band, tuple(TextLine(band.x + 8, top + _LINE * at, line) for at, line in enumerate(lines)))


def _stage(band: Band, language: Language) -> BandView:
    return BandView(band, (TextLine(band.x + 12, band.y + 22, language.gettext(band.title)),))


def _edge(line: Line, language: Language) -> EdgeView:
    words = wrap(language.gettext(line.label), 10, lines=4, balanced=False) if line.label else []
    top = line.label_y - _SMALL_LINE * (len(words) - 1)
    lines = tuple(TextLine(line.label_x, top + _SMALL_LINE * at, word) for at, word in enumerate(words))
    return EdgeView(_path(line.points), line.anchor, lines)


def _path(points: tuple[Point, ...]) -> str:
    """The corners as an SVG path, each inner one rounded as far as its two pieces are long."""
    moves = [f"M{points[0][0]} {points[0][1]}"]
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        radius = min(_CORNER, _length(before, corner) // 2, _length(corner, after) // 2)
        into, out = _towards(corner, before, radius), _towards(corner, after, radius)
        moves.append(f"L{into[0]} {into[1]}Q{corner[0]} {corner[1]} {out[0]} {out[1]}")
    return "".join((*moves, f"L{points[-1][0]} {points[-1][1]}"))


def _length(one: Point, two: Point) -> int:
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def _towards(start: Point, end: Point, by: int) -> Point:
    """The point ``by`` pixels from ``start`` on the level or upright way to ``end``."""
    step_x, step_y = ((there > here) - (there < here) for here, there in zip(start, end, strict=True))
    return start[0] + step_x * by, start[1] + step_y * by


def _legend(picture: Picture, language: Language) -> tuple[NodeView, ...]:
    sample = replace(picture.nodes[0], key="", kind=NodeKind.TASK, width=28, height=18, y=picture.height + 8)
    views = []
    for at, (state, words) in enumerate(STATE_WORDS.items()):
        node = replace(sample, x=MARGIN + 2 + _LEGEND_STEP * at)
        said = language.gettext(words)
        views.append(NodeView(node, state, said, (TextLine(node.x + 36, node.y + 14, said),)))
    return tuple(views)
