"""The glossary names what the program names, with the same words."""

import re
from pathlib import Path

import pytest

from api.i18n import LOCALE, read
from domain.process import Level, Role
from domain.protection import PROTECTION
from domain.protection_forms import COLOURS, GUARDIANSHIP
from domain.rule import Kind, Unit
from domain.state import CaseStatus

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| English", "| ---"))
]
PLACES = ("domain", "workflows", "store", "api")

IN_FORCE: tuple[str, ...] = (
    *Role,
    *Level,
    *CaseStatus,
    *Kind,
    *(set(Unit) - {Unit.MONTHS}),
    *(stage.key for stage in PROTECTION.stages),
    *(option.key for option in (*COLOURS, *GUARDIANSHIP)),
    PROTECTION.key,
)


def identifiers(cell: str) -> list[str]:
    return re.findall(r"`(\w+)", cell)


@pytest.mark.parametrize("key", sorted(set(IN_FORCE)))
def test_what_the_program_tells_apart_has_a_row(key: str) -> None:
    assert any(key in identifiers(row[2]) for row in ROWS)


def test_every_row_is_whole() -> None:
    assert ROWS and all(len(row) == 5 and row[0] and row[1] and row[2] for row in ROWS)


def test_every_identifier_is_one_of_the_program() -> None:
    source = "\n".join(path.read_text() for place in PLACES for path in (ROOT / place).rglob("*.py"))
    words = set(re.findall(r"\w+", source))
    assert {word for row in ROWS for word in identifiers(row[2])} <= words


def test_the_english_is_that_of_the_pages() -> None:
    catalogue = read(LOCALE / "en" / "LC_MESSAGES" / "domain.po")
    said = {row[1]: row[0] for row in ROWS}
    shown = {term: str(message.string) for term in said if (message := catalogue.get(term))}
    assert len(shown) > 30
    different = {term: (said[term], english) for term, english in shown.items() if said[term] != english.lower()}
    assert not different
