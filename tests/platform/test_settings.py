"""What a person who starts the program is told, and what is safe without being told."""

import os
from pathlib import Path

import pytest

from settings import Settings, SettingsProblem, load

NAMES = tuple(name.upper() for name in Settings.model_fields)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def problems_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblem) as refused:
        load()
    return refused.value.lines


def test_without_any_setting_everything_is_embedded_and_loopback() -> None:
    settings = load()
    assert settings.embedded_database
    assert settings.embedded_temporal
    assert settings.origin == "http://127.0.0.1:8080"
    assert settings.rules == ("cn", "cn-jilin")
    assert settings.keys == Path.cwd() / ".data" / "keys.json"


def test_every_unusable_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {
        "PORT": "99999",
        "HOST": "0.0.0.0",
        "DATABASE_URL": "sqlite:///x",
        "TEMPORAL_ADDRESS": "temporal",
        "RULES": " , ",
        "SMTP_URL": "smtp://mail.example",
        "LOG_LEVEL": "loud",
        "SESSION_IDLE_MINUTES": "0",
        "DEMO_SEED": "perhaps",
    }
    lines = problems_of(monkeypatch, **bad)
    told = {line.split()[0].rstrip(":") for line in lines}
    assert told == {*bad, "PUBLIC_URL", "MAIL_FROM"} - {"HOST", "SMTP_URL"}
    assert all("\n" not in line for line in lines)


def test_a_password_is_neither_shown_nor_repeated_in_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "geheim123"
    lines = problems_of(monkeypatch, DATABASE_URL=f"mysql://u:{secret}@h/d", SMTP_URL=f"pop://u:{secret}@h")
    assert secret not in "".join(lines)
    shown = repr(load(database_url=f"postgresql://u:{secret}@h/d", smtp_url="", temporal_api_key=secret))
    assert secret not in shown


@pytest.mark.parametrize(
    ("host", "public_url", "secure"),
    [
        ("127.0.0.1", "", False),
        ("::1", "", False),
        ("127.0.0.1", "http://localhost:9000", False),
        ("0.0.0.0", "http://127.0.0.1:9000", False),
        ("0.0.0.0", "https://shouwang.example", True),
        ("127.0.0.1", "https://shouwang.example/", True),
    ],
)
def test_cookies_are_insecure_only_over_http_on_this_machine(host: str, public_url: str, *, secure: bool) -> None:
    assert load(host=host, public_url=public_url).cookie_secure is secure


@pytest.mark.parametrize(
    "url", ["http://10.0.0.5", "http://shouwang.example", "ftp://localhost", "https://h/path", "x"]
)
def test_an_address_that_would_send_cookies_in_the_clear_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = problems_of(monkeypatch, PUBLIC_URL=url)
    assert line.startswith("PUBLIC_URL")


def test_two_servers_on_one_port_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = problems_of(monkeypatch, PORT="7233")
    assert line == "TEMPORAL_PORT is the same port as PORT"


def test_any_postgresql_address_gets_the_one_driver() -> None:
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        assert load(database_url=f"{scheme}://u@h/d").database_url == "postgresql+psycopg://u@h/d"


def test_a_dotenv_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=9999\n")
    monkeypatch.chdir(tmp_path)
    assert load().port == 8080


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_UI_PORT", "")
    monkeypatch.setenv("RULES", "cn, /etc/rules/own.toml ")
    assert load().temporal_ui_port == 0
    assert load().rules == ("cn", "/etc/rules/own.toml")
    assert os.environ["TEMPORAL_UI_PORT"] == ""
