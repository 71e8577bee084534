"""``docs/legal-basis.md`` is the page of the packs that ship, as they are now."""

import re
from pathlib import Path

import pytest

from domain.basis import basis_rows, render_markdown
from domain.rule import MARKS
from domain.rules import RuleBook, pack_paths
from settings import Settings
from workflows.flows import FLOWS

PAGE = (Path(__file__).parents[2] / "docs" / "legal-basis.md").read_text(encoding="utf-8")
PACKS: tuple[str, ...] = Settings.model_fields["rules"].default


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return RuleBook.load(pack_paths(PACKS))


def test_the_committed_page_is_what_the_rules_say(book: RuleBook) -> None:
    page = render_markdown(basis_rows(book, [process for process, _ in FLOWS.values()]))
    assert page == PAGE, "run: shouwang rules page > docs/legal-basis.md"


def test_no_rule_of_the_packs_is_left_out(book: RuleBook) -> None:
    limits = [line for line in PAGE.splitlines() if re.search(r"\| \*\*(法定|内部目标)\*\* \|", line)]
    assert len(limits) == len(book.all())


def test_nothing_from_memory_stands_as_law() -> None:
    law = [line.split("| **法定** |")[1].split(" | ")[0] for line in PAGE.splitlines() if "| **法定** |" in line]
    cited = [re.findall(r"\[([^\]]+)\]", basis) for basis in law]
    assert cited and all(marks and set(marks) <= MARKS - {"M", "L", "N"} and set(marks) != {"D"} for marks in cited)
