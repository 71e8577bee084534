"""The live process picture: states from rows, the SVG, and the table that says the same."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.i18n import languages
from api.picture import LATE, NodeState, State, live_states, reached_milestones
from api.picture_text import wrap
from api.picture_view import picture_rows, picture_view, render_svg
from api.templating import TEMPLATES
from domain.protection import PROTECTION

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
ZH = languages()["zh"]


@dataclass(frozen=True)
class _Item:
    id: str
    task: str
    status: str = "open"
    held: bool = False
    outcome: str = ""


@dataclass(frozen=True)
class _Clock:
    item: str
    hours: int
    status: str = "running"
    kind: str = "limit"
    breached_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        return NOW + timedelta(hours=self.hours)


def _state(items: list[_Item], clocks: list[_Clock], ended: bool = False) -> NodeState:
    return live_states(PROTECTION, items, clocks, NOW, ended)["accept"]


ITEM = _Item("a", "accept")


@pytest.mark.parametrize(
    ("items", "clocks", "state"),
    [
        ([], [], NodeState(State.WAITING)),
        ([ITEM], [], NodeState(State.ACTIVE, 1)),
        ([ITEM], [_Clock("a", 2), _Clock("a", 1)], NodeState(State.ACTIVE, 1, due_at=NOW + timedelta(hours=1))),
        ([ITEM], [_Clock("a", 0)], NodeState(State.ACTIVE, 1, due_at=NOW)),
        ([ITEM], [_Clock("a", -1)], NodeState(State.OVERDUE, 1, due_at=NOW - timedelta(hours=1))),
        ([ITEM], [_Clock("a", -1, kind="wait")], NodeState(State.ACTIVE, 1, due_at=NOW - timedelta(hours=1))),
        ([ITEM], [_Clock("a", -1, status="stopped")], NodeState(State.PAUSED, 1)),
        ([_Item("a", "accept", held=True)], [], NodeState(State.PAUSED, 1)),
        (
            [_Item("a", "accept", held=True)],
            [_Clock("a", -1)],
            NodeState(State.OVERDUE, 1, due_at=NOW - timedelta(hours=1)),
        ),
        ([_Item("a", "accept", "done")], [_Clock("a", -1, "met")], NodeState(State.DONE, 1)),
        ([_Item("a", "accept", "done")], [_Clock("a", -1, "met", "limit", NOW)], NodeState(State.DONE, 1, LATE)),
        ([_Item("a", "accept", "withdrawn")], [], NodeState(State.SKIPPED, 1)),
        ([_Item("a", "accept", "done"), _Item("b", "accept"), _Item("c", "accept")], [], NodeState(State.ACTIVE, 2)),
        ([ITEM, _Item("b", "accept")], [_Clock("b", -1)], NodeState(State.OVERDUE, 1, "", NOW - timedelta(hours=1))),
    ],
)
def test_the_state_of_a_task(items: list[_Item], clocks: list[_Clock], state: NodeState) -> None:
    assert _state(items, clocks) == state


def test_in_a_closed_case_what_was_never_asked_for_is_skipped() -> None:
    assert _state([], [], ended=True) == NodeState(State.SKIPPED)


def test_a_milestone_is_reached_by_its_outcome_only() -> None:
    done = [_Item("a", "accept", "done", outcome="screen_out"), _Item("r", "report", "done", outcome="received")]
    assert reached_milestones(PROTECTION, done) == {"received"}


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _svg(states: dict[str, NodeState], links: dict[str, str] | None = None, badge_from: int = 2) -> ET.Element:
    view = picture_view(PROTECTION, states, ZH, links=links, reached={"received"}, badge_from=badge_from)
    return ET.fromstring(render_svg(_environment(), view))


def test_the_svg_is_well_formed_and_names_itself() -> None:
    root = _svg({})
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == ["process-protection-title", "process-protection-desc"]
    assert set(root.get("aria-labelledby", "").split()) <= set(ids) and len(ids) == len(set(ids))
    assert root.findtext(f"{SVG}title") == PROTECTION.title


def test_the_svg_has_nothing_a_strict_policy_forbids() -> None:
    for element in _svg({"accept": NodeState(State.ACTIVE, 1)}, {"accept": "/items/1"}).iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_a_state_is_told_by_class_and_in_words() -> None:
    titles = {
        group.findtext(f"{SVG}title"): group.get("class")
        for group in _svg({"accept": NodeState(State.OVERDUE, 3, due_at=NOW)}).iter(f"{SVG}g")
    }
    assert titles["受理，已逾期，3 件，截止 2026年3月2日 16:00"] == "node is-overdue kind-task"
    assert titles["统筹受理，未开始"] == "node is-waiting kind-task"


def test_badges_show_counts_from_two_on_and_from_one_for_many_cases() -> None:
    def badges(badge_from: int) -> list[str | None]:
        states = {"accept": NodeState(State.ACTIVE, 1), "visit": NodeState(State.ACTIVE, 120)}
        groups = _svg(states, badge_from=badge_from).iter(f"{SVG}g")
        return [group.findtext(f"{SVG}text") for group in groups if group.get("class") == "badge"]

    assert badges(2) == ["99+"]
    assert badges(1) == ["1", "99+"]


def test_with_links_the_picture_is_a_group_whose_links_have_names() -> None:
    root = _svg({}, {"accept": "/items/1?a=1&b=2"})
    (link,) = root.iter(f"{SVG}a")
    assert root.get("role") == "group"
    assert (link.get("href"), link.get("aria-label")) == ("/items/1?a=1&b=2", "受理，未开始")


def test_the_table_has_a_row_for_every_task_and_says_the_same() -> None:
    rows = picture_rows(PROTECTION, {"accept": NodeState(State.DONE, 1, LATE)}, ZH, {"accept": "/items/1"})
    row = next(row for row in rows if row.task == "受理")
    assert len(rows) == len(PROTECTION.tasks)
    assert (row.stage, row.lane, row.state_words, row.note, row.href) == (
        "强制报告",
        "县级民政、未保中心",
        "已办结",
        "办结前曾逾期",
        "/items/1",
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("就医", ["就医"]),
        ("保护令到期处置", ["保护令", "到期处置"]),
        ("延期审批（县级）", ["延期审批", "（县级）"]),
        ("Record the judgment", ["Record the", "judgment"]),
        ("", []),
    ],
)
def test_words_break_where_they_read_well(text: str, lines: list[str]) -> None:
    assert wrap(text, 13) == lines


def test_what_does_not_fit_is_cut_visibly() -> None:
    assert wrap("一二三四五六七八九十一二三四五六七八九十", 12, lines=3) == ["一二三四五", "六七八九十", "一二三四五…"]
    assert wrap("Internationalization", 10, lines=1, balanced=False) == ["Internat…"]


def test_no_title_of_the_protection_process_is_cut() -> None:
    assert [task.key for task in PROTECTION.tasks if "…" in "".join(wrap(task.title, 13))] == []
