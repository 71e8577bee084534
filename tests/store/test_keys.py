"""Keys live in one file of their owner's; without them nothing is read or written, least of all in plain text."""

import json
import stat
from pathlib import Path

import pytest

from store.canary import check_keys
from store.crypto import FieldCipher
from store.database import Database
from store.errors import KeysDamaged, KeysMissing
from store.keys import KeyDomain, Keyring


def test_a_new_key_file_is_its_owners_only_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    made = Keyring.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded = Keyring.load(path)
    assert all(loaded.current(domain) == made.current(domain) for domain in KeyDomain)
    assert len({made.current(domain)[1] for domain in KeyDomain}) == len(KeyDomain)


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = Keyring.create(path)
    with pytest.raises(FileExistsError):
        Keyring.create(path)
    assert Keyring.load_or_create(path).current(KeyDomain.CASE) == made.current(KeyDomain.CASE)


def test_a_first_start_makes_keys_and_a_later_one_without_them_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    Keyring.load_or_create(path)
    path.unlink()
    with pytest.raises(KeysMissing, match="no key file"):
        Keyring.load(path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    Keyring.create(path)
    path.chmod(mode)
    with pytest.raises(KeysDamaged, match="chmod 600"):
        Keyring.load(path)


def damaged() -> dict[str, str]:
    """Files that are no key ring."""
    whole = {
        "format": 1,
        "domains": {d.value: {"current": 1, "keys": {"1": "A" * 43 + "="}} for d in KeyDomain},
    }
    domains: dict[str, object] = dict(whole["domains"])  # type: ignore[call-overload]
    short = {**domains, "case": {"current": 1, "keys": {"1": "AAAA"}}}
    astray = {**domains, "case": {"current": 2, "keys": {"1": "A" * 43 + "="}}}
    missing = {name: keys for name, keys in domains.items() if name != "case"}
    return {
        "empty": "",
        "no json": "{",
        "a list": "[]",
        "another format": json.dumps({**whole, "format": 2}),
        "a short key": json.dumps({**whole, "domains": short}),
        "no current key": json.dumps({**whole, "domains": astray}),
        "a domain missing": json.dumps({**whole, "domains": missing}),
    }


@pytest.mark.parametrize("content", damaged().values(), ids=damaged())
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeysDamaged, match="not a key ring"):
        Keyring.load(path)


def test_a_rotation_keeps_the_old_versions(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = Keyring.create(path)
    after = before.rotate(path, KeyDomain.CASE)
    assert Keyring.load(path).versions(KeyDomain.CASE) == after.versions(KeyDomain.CASE) == (2, 1)
    assert after.key(KeyDomain.CASE, 1) == before.key(KeyDomain.CASE, 1)
    assert after.current(KeyDomain.REPORTER) == before.current(KeyDomain.REPORTER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_key_is_shown_by_repr() -> None:
    ring = Keyring.generate()
    assert repr(ring.current(KeyDomain.CASE)[1]) not in repr(ring)
    assert "case@1" in repr(ring)


async def test_a_start_with_other_keys_is_refused_by_name(db: Database, keyring: Keyring) -> None:
    await check_keys(db, FieldCipher(keyring))
    await check_keys(db, FieldCipher(keyring))
    with pytest.raises(KeysDamaged, match="case key"):
        await check_keys(db, FieldCipher(Keyring.generate()))
