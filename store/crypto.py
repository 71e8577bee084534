"""Sealed columns and blind indexes.

A sealed value is AES-256-GCM under a key derived (HKDF) from the domain's root key and the row's scope: the case, so
that one case's key opens nothing of another. The place (domain, table, row, column, key version) is authenticated: a
value moved to another row does not open.
"""

import hmac
import os
import struct
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from store.errors import KeysDamaged, SealBroken
from store.keys import KeyDomain, Keyring

_SUITE_AES_256_GCM = 1
_HEADER = struct.Struct(">BH")
_NONCE_BYTES = 12
_TAG_BYTES = 16
BLIND_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands. ``scope``: the case id (or, without a case, the row id) its key is derived from."""

    domain: KeyDomain
    scope: UUID
    table: str
    row: UUID
    column: str


class FieldCipher:
    """Seals and opens columns, and makes blind indexes, with one key ring."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, place: Place, plain: str | bytes) -> bytes:
        """The sealed form: suite, key version, nonce, ciphertext and tag. Text is UTF-8."""
        version, root = self._keyring.current(place.domain)
        nonce = os.urandom(_NONCE_BYTES)
        data = plain.encode() if isinstance(plain, str) else plain
        sealed = AESGCM(_derive(root, place)).encrypt(nonce, data, _aad(place, version))
        return _HEADER.pack(_SUITE_AES_256_GCM, version) + nonce + sealed

    def open(self, place: Place, sealed: bytes) -> bytes:
        """The plain bytes. Raises :class:`SealBroken` for another key, another place or a changed byte."""
        if len(sealed) < _HEADER.size + _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken(f"{place.table}.{place.column}: too short to be sealed")
        suite, version = _HEADER.unpack_from(sealed)
        if suite != _SUITE_AES_256_GCM:
            raise SealBroken(f"{place.table}.{place.column}: sealed with unknown suite {suite}")
        nonce, body = sealed[_HEADER.size :][:_NONCE_BYTES], sealed[_HEADER.size + _NONCE_BYTES :]
        try:
            root = self._keyring.key(place.domain, version)
            return AESGCM(_derive(root, place)).decrypt(nonce, body, _aad(place, version))
        except (InvalidTag, KeysDamaged) as error:
            raise SealBroken(f"{place.table}.{place.column}: {type(error).__name__}") from None

    def open_text(self, place: Place, sealed: bytes) -> str:
        """Like :meth:`open`, as text."""
        return self.open(place, sealed).decode()

    @property
    def lookup_key(self) -> bytes:
        """The key that look-up codes of receipts are derived with: always the oldest, since codes are on paper."""
        return self._oldest(KeyDomain.LOOKUP)

    def blind(self, kind: str, text: str | bytes, domain: KeyDomain = KeyDomain.BLIND) -> bytes:
        """A keyed hash of a canonical text, for equality only; ``kind`` keeps equal texts of two kinds apart.

        Always made with the oldest version at hand: a blind index that changes with a rotation finds nothing.
        """
        data = text.encode() if isinstance(text, str) else text
        return hmac.digest(self._oldest(domain), kind.encode() + b"\0" + data, sha256)[:BLIND_BYTES]

    def _oldest(self, domain: KeyDomain) -> bytes:
        return self._keyring.key(domain, self._keyring.versions(domain)[-1])


def _derive(root: bytes, place: Place) -> bytes:
    # The root is uniformly random, so HKDF's extract step has nothing to do.
    return HKDFExpand(SHA256(), 32, f"shouwang|{place.domain.value}|".encode() + place.scope.bytes).derive(root)


def _aad(place: Place, version: int) -> bytes:
    return f"{place.table}|{place.row}|{place.column}|{version}".encode()
