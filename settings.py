"""Every setting of every command, read once from the environment and checked before anything starts.

The names in the environment are the field names in capitals (``PORT``, ``DATABASE_URL`` …); ``docs/operations.md``
lists them and a test holds the two together. No file is read implicitly. Nothing secret has a default.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
MAIL_SCHEMES = ("smtp", "smtps")

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsProblem(Exception):
    """The environment cannot be used; ``lines`` says why, one plain sentence a setting."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """The settings of one process. Frozen: a changed environment takes a restart."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, validate_default=True, hide_input_in_errors=True
    )

    # Where people reach it.
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = ""
    api_workers: int = Field(default=2, ge=1, le=64)
    session_idle_minutes: int = Field(default=30, ge=1, le=240)
    session_absolute_minutes: int = Field(default=720, ge=1, le=1440)

    # Where things are kept.
    data_dir: Path = Path(".data")
    key_file: Path | None = None
    database_url: str = Field(default="", repr=False)
    database_pool_size: int = Field(default=10, ge=1, le=200)
    demo_seed: bool = True

    # The engine.
    temporal_address: str = ""
    temporal_namespace: str = "default"
    temporal_task_queue: str = "shouwang"
    temporal_tls: bool = False
    temporal_api_key: str = Field(default="", repr=False)
    temporal_port: Port = 7233
    temporal_ui_port: int = Field(default=0, ge=0, le=65535)
    max_cached_workflows: int = Field(default=1200, ge=0, le=100_000)

    # The law, and telling people.
    rules: Annotated[tuple[str, ...], NoDecode] = ("cn", "cn-jilin")
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("data_dir", "key_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("rules", mode="before")
    @classmethod
    def _split_rules(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("rules")
    @classmethod
    def _some_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("names no rule pack; without one no legal time runs")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, value: str) -> str:
        scheme = urlsplit(value).scheme
        if value and scheme not in DATABASE_SCHEMES:
            raise ValueError("is not a PostgreSQL address (postgresql://user:password@host:5432/name)")
        return value.replace(f"{scheme}:", "postgresql+psycopg:", 1)

    @field_validator("public_url")
    @classmethod
    def _safe_origin(cls, value: str, info: ValidationInfo) -> str:
        """Session cookies travel over TLS, or over a connection that never leaves this machine."""
        if not value:
            if "host" in info.data and not is_loopback(info.data["host"]):
                raise ValueError("must be set (https://…) because HOST is reachable from other machines")
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("is not an origin (https://host or https://host:port, without a path)")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("must begin with https:// unless its host is this machine (localhost, 127.0.0.1)")
        return value.rstrip("/")

    @field_validator("session_absolute_minutes")
    @classmethod
    def _longer_than_idle(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("session_idle_minutes", value):
            raise ValueError("is shorter than SESSION_IDLE_MINUTES")
        return value

    @field_validator("temporal_address")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if value and not (colon and host and port.isdigit()):
            raise ValueError("is not host:port")
        return value

    @field_validator("temporal_port", "temporal_ui_port")
    @classmethod
    def _own_port(cls, value: int, info: ValidationInfo) -> int:
        for other in ("port", "temporal_port"):
            if value and info.data.get(other) == value and info.field_name != other:
                raise ValueError(f"is the same port as {other.upper()}")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in MAIL_SCHEMES or not parts.hostname):
            raise ValueError("is not a mail server address (smtp://user:password@host:587 or smtps://…)")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("smtp_url") and "@" not in value:
            raise ValueError("must be the sender's mail address when SMTP_URL is set")
        return value

    @property
    def embedded_database(self) -> bool:
        """Whether PostgreSQL runs inside ``DATA_DIR``."""
        return not self.database_url

    @property
    def embedded_temporal(self) -> bool:
        """Whether the Temporal development server runs inside ``DATA_DIR``."""
        return not self.temporal_address

    @property
    def temporal_target(self) -> str:
        """The ``host:port`` a Temporal client dials."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def keys(self) -> Path:
        """The key file."""
        return self.key_file or self.data_dir / "keys.json"

    @property
    def origin(self) -> str:
        """The address people type, without a trailing slash; also what an ``Origin`` header must equal."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def cookie_secure(self) -> bool:
        """False only for plain HTTP on this machine, where there is no wire to listen on."""
        return self.origin.startswith("https://")

    def with_addresses(self, *, database_url: str | None = None, temporal_address: str | None = None) -> Self:
        """A copy that names the servers found or started by the caller."""
        given: dict[str, Any] = {"database_url": database_url, "temporal_address": temporal_address}
        return self.model_copy(update={name: value for name, value in given.items() if value is not None})


def load(**given: object) -> Settings:
    """The settings of this process; raises SettingsProblem naming every setting that cannot be used."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic, that is the point
    except ValidationError as problem:
        raise SettingsProblem(tuple(_line(error) for error in problem.errors(include_input=False))) from None


def _line(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else "settings"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{name} {reason}" if error["type"] == "value_error" else f"{name}: {reason[0].lower()}{reason[1:]}"
