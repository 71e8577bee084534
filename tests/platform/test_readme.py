"""What README and the documents point to is there."""

import re
import tomllib
from pathlib import Path

import pytest

from domain.permissions import ROLE_TITLES
from domain.process import Role
from store.demo import DEMO_LOGINS, DEMO_PASSWORD

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_document_is_in_the_list() -> None:
    listed = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in listed} == set()


def test_one_demo_login_of_every_role() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|", README, re.MULTILINE)
    titles = {login.name: ROLE_TITLES[login.role] for login in DEMO_LOGINS}
    assert all(titles[name] == role for name, role in rows)
    assert {role for _, role in rows} == {ROLE_TITLES[role] for role in Role if role is not Role.SYSTEM}
    assert f"`{DEMO_PASSWORD}`" in README


def test_every_room_has_a_place_in_the_readme_and_the_architecture() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    rooms = {*shipped, "rules", "templates", "static", "locale", "tests"}
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert {room for room in rooms if f"[`{room}/`]" not in README or f"`{room}/`" not in architecture} == set()


def test_the_files_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w-]+/)+[\w-]*(?:\.\w+)?|[\w-]+\.(?:py|toml))`", text)
    rooms = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    missing = [name for name in named if not any((place / name).exists() for place in (ROOT, *rooms))]
    assert named and missing == []
