"""The production shape and the settings speak of the same things."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import Settings, load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image", "").startswith("shouwang:")]
FIELDS = {name.upper() for name in Settings.model_fields}
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "deploy" / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)


def filled(value: str) -> str:
    """What compose makes of ``value`` when every variable without a default is ``secret``."""
    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", lambda m: m[3] if m[2] == "-" else "secret", value)


def test_the_production_shape_is_complete() -> None:
    assert {"postgres", "temporal", "temporal-ui", "migrate", "seed", "api", "worker"} <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_our_services_is_a_setting(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= FIELDS


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_our_services_can_be_used(name: str) -> None:
    environment = {key: filled(str(value)) for key, value in SERVICES[name]["environment"].items()}
    environment["PUBLIC_URL"] = "https://shouwang.example"
    settings = load(**{key.lower(): value for key, value in environment.items() if value})
    assert not settings.embedded_database
    assert not settings.embedded_temporal
    assert not settings.demo_seed
    assert settings.cookie_secure
    assert settings.keys == settings.data_dir / "keys.json"


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_our_services_is_a_command(name: str) -> None:
    from typer.main import get_command

    from cli import app

    command: Any = get_command(app)
    for word in SERVICES[name]["command"]:
        command = command.commands[word]


def test_every_variable_without_a_default_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = {name for name, default in re.findall(r"\$\{(\w+)(:-)?", text) if not default}
    assert asked <= set(EXAMPLE)


def test_nothing_secret_has_a_value_in_the_example() -> None:
    assert not {name: value for name, value in EXAMPLE.items() if "PASSWORD" in name and value}


def test_no_port_is_open_to_other_machines() -> None:
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_holds_every_part_of_the_program() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages | {"rules", "static", "templates", "locale", "*.py", "deploy/requirements.lock"} <= kept
