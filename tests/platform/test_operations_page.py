"""The page for operators cannot fall behind the program."""

import re
from pathlib import Path

from typer.main import get_command

from cli import app
from settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def commands(command: object, name: str) -> list[str]:
    children = getattr(command, "commands", {})
    return [line for word, child in children.items() for line in commands(child, f"{name} {word}")] or [name]


def test_every_setting_has_a_row_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", PAGE, re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        shown = str(default).lower() if isinstance(default, bool) else str(default or "")
        assert rows[name.upper()].strip("`") == shown or (not shown and rows[name.upper()] == "–"), name


def test_every_command_is_on_the_page() -> None:
    told = set(re.findall(r"^\| `(shouwang [a-z ]+[a-z])[^`]*` \|", PAGE, re.MULTILINE))
    assert told == set(commands(get_command(app), "shouwang"))


def test_every_make_target_explains_itself() -> None:
    targets = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)
    explained = re.findall(r"^([a-z][a-z-]*):.*## \S", MAKEFILE, re.MULTILINE)
    assert set(targets) - set(explained) == {"browser"}
    assert "make run" in (ROOT / "README.md").read_text() or "make run" in PAGE
