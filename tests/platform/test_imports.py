"""The single-file modules keep the order that import-linter keeps for the packages."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "settings": set[str](),
    "programs": set[str](),
    "engine": {"settings", "store", "domain"},
    "embedded": {"settings", "programs"},
    "relay": {"settings", "engine", "store", "workflows", "domain"},
    "reconciler": {"settings", "engine", "store", "workflows", "domain"},
    "calendar_change": {"settings", "engine", "store", "workflows", "domain"},
    "worker": {"settings", "engine", "store", "workflows", "domain", "activities", "relay", "reconciler"},
    "supervisor": {"settings", "programs", "embedded", "store"},
    "cli": {
        "settings", "programs", "embedded", "supervisor", "worker", "api", "store", "domain", "workflows",
        "reconciler", "calendar_change",
    },
}  # fmt: skip
PARTS = set(MAY_IMPORT) | {"api", "activities", "store", "workflows", "domain"}
SQL = {"sqlmodel", "sqlalchemy", "psycopg", "psycopg_pool", "alembic"}
HTTP = {"fastapi", "starlette"}
MODULES = sorted(ROOT.glob("*.py"))


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_only_what_is_below_it(module: Path) -> None:
    assert module.stem in MAY_IMPORT, "a new top-level module needs its row here"
    assert imported(module) & PARTS <= MAY_IMPORT[module.stem]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_speaks_neither_sql_nor_http(module: Path) -> None:
    assert not imported(module) & (SQL | HTTP)


def test_the_image_and_the_wheel_hold_the_same_packages() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    for package in PARTS - set(MAY_IMPORT):
        assert f'"{package}"' in text
