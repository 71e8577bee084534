"""A sealed value opens with its key in its place, unchanged, and nowhere else."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.crypto import BLIND_BYTES, FieldCipher, Place
from store.errors import SealBroken
from store.keys import KeyDomain, Keyring

CIPHER = FieldCipher(Keyring.generate())
PLACE = Place(KeyDomain.CASE, uuid4(), "report", uuid4(), "content_enc")


@given(st.text())
def test_what_was_sealed_opens_again(plain: str) -> None:
    legible = plain.encode("utf-8", "replace").decode()
    assert CIPHER.open_text(PLACE, CIPHER.seal(PLACE, legible)) == legible


@given(st.binary(max_size=64), st.data())
def test_a_changed_byte_never_opens(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(CIPHER.seal(PLACE, plain))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        CIPHER.open(PLACE, bytes(sealed))


@given(st.binary(max_size=40))
def test_bytes_that_were_never_sealed_do_not_open(anything: bytes) -> None:
    with pytest.raises(SealBroken):
        CIPHER.open(PLACE, anything)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, domain=KeyDomain.REPORTER),
        replace(PLACE, scope=uuid4()),
        replace(PLACE, table="submission"),
        replace(PLACE, row=uuid4()),
        replace(PLACE, column="other"),
    ],
    ids=["domain", "scope", "table", "row", "column"],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: Place) -> None:
    with pytest.raises(SealBroken):
        CIPHER.open(elsewhere, CIPHER.seal(PLACE, "秘密"))


def test_equal_texts_are_sealed_differently() -> None:
    assert CIPHER.seal(PLACE, "王小明") != CIPHER.seal(PLACE, "王小明")


def test_a_rotation_opens_the_old_and_seals_with_the_new(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring.create(path)
    old = FieldCipher(ring).seal(PLACE, "旧")
    turned = FieldCipher(ring.rotate(path, KeyDomain.CASE))
    assert turned.open_text(PLACE, old) == "旧"
    with pytest.raises(SealBroken):
        FieldCipher(ring).open(PLACE, turned.seal(PLACE, "新"))


def test_a_blind_index_finds_equals_of_one_kind_and_outlives_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring.create(path)
    cipher = FieldCipher(ring)
    index = cipher.blind("name", "王小明")
    assert len(index) == BLIND_BYTES
    assert index == cipher.blind("name", "王小明")
    assert index != cipher.blind("pinyin", "王小明")
    assert index != cipher.blind("name", "王小刚")
    assert index != FieldCipher(Keyring.generate()).blind("name", "王小明")
    assert index == FieldCipher(ring.rotate(path, KeyDomain.BLIND)).blind("name", "王小明")
    assert cipher.lookup_key == FieldCipher(ring.rotate(path, KeyDomain.LOOKUP)).lookup_key
