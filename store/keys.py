"""The key ring: one root key per domain and version, in one file that only its owner can read.

Old versions only open; new values are sealed with the current version. Production may mount the same file from a
secret store.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from store.errors import KeysDamaged, KeysMissing

_KEY_BYTES = 32
_FORMAT = 1


class KeyDomain(StrEnum):
    """What a key is for. A key of one domain never opens a value of another."""

    CASE = "case"  # what was reported and submitted
    REPORTER = "reporter"  # who reported
    PERSON = "person"  # names and phones of the people who work here
    PAYLOAD = "payload"  # the engine's payloads
    BLIND = "blind"  # blind indexes
    LOOKUP = "lookup"  # look-up codes of receipts, unit links
    SESSION = "session"  # login sessions


@dataclass(frozen=True, slots=True)
class DomainKeys:
    """The versions of one domain's key."""

    current: int
    by_version: Mapping[int, bytes]


class Keyring:
    """Keys in memory. ``repr`` shows no key."""

    def __init__(self, domains: Mapping[KeyDomain, DomainKeys]) -> None:
        self._domains = dict(domains)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(f'{d.value}@{k.current}' for d, k in self._domains.items())})"

    @classmethod
    def generate(cls) -> Self:
        """Fresh keys, version 1 in every domain; not yet in any file."""
        return cls({domain: DomainKeys(1, {1: secrets.token_bytes(_KEY_BYTES)}) for domain in KeyDomain})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file. Raises :class:`KeysMissing` without one, :class:`KeysDamaged` when it cannot be used."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise KeysMissing(
                f"no key file at {path}: run `shouwang keys init`, or restore it from the backup"
            ) from None
        except OSError as error:
            raise KeysDamaged(f"the key file {path} cannot be read: {error.strerror}") from None
        if path.stat().st_mode & 0o077:
            raise KeysDamaged(f"the key file {path} is readable by others: chmod 600 it")
        try:
            return cls(_parse(raw))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeysDamaged(f"the key file {path} is not a key ring of this program") from None

    @classmethod
    def create(cls, path: Path) -> Self:
        """Generate keys and write them to a new file (mode 0600, flushed). Raises FileExistsError over an old one."""
        ring = cls.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        ring.write_new(path)
        return ring

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The embedded shape's first start makes its keys; every later start must find them."""
        return cls.load(path) if path.exists() else cls.create(path)

    def rotate(self, path: Path, domain: KeyDomain) -> Self:
        """A ring with one more, now current, version of ``domain``, written to ``path`` before it is returned."""
        old = self._domains[domain]
        version = max(old.by_version) + 1
        keys = DomainKeys(version, {**old.by_version, version: secrets.token_bytes(_KEY_BYTES)})
        ring = type(self)({**self._domains, domain: keys})
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        ring.write_new(fresh)
        fresh.replace(path)
        return ring

    def current(self, domain: KeyDomain) -> tuple[int, bytes]:
        """The version new values are sealed with, and its key."""
        keys = self._domains[domain]
        return keys.current, keys.by_version[keys.current]

    def key(self, domain: KeyDomain, version: int) -> bytes:
        """The key of a version. Raises :class:`KeysDamaged` when this ring does not hold it."""
        try:
            return self._domains[domain].by_version[version]
        except KeyError:
            raise KeysDamaged(f"the key ring holds no version {version} of the {domain.value} key") from None

    def versions(self, domain: KeyDomain) -> tuple[int, ...]:
        """Versions at hand, newest first."""
        return tuple(sorted(self._domains[domain].by_version, reverse=True))

    def write_new(self, path: Path) -> None:
        """Write the ring to a new file, mode 0600, flushed. Raises FileExistsError rather than replace keys."""
        content = {
            "format": _FORMAT,
            "domains": {
                domain.value: {
                    "current": keys.current,
                    "keys": {str(v): base64.b64encode(k).decode() for v, k in keys.by_version.items()},
                }
                for domain, keys in self._domains.items()
            },
        }
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())


def _parse(raw: bytes) -> dict[KeyDomain, DomainKeys]:
    content = json.loads(raw)
    if content["format"] != _FORMAT:
        raise ValueError("another format")
    domains = {}
    for domain in KeyDomain:
        entry = content["domains"][domain.value]
        keys = {int(version): base64.b64decode(text, validate=True) for version, text in entry["keys"].items()}
        if entry["current"] not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            raise ValueError("a key is missing or has another length")
        domains[domain] = DomainKeys(entry["current"], keys)
    return domains
