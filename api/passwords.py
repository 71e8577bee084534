"""Checking passwords: Argon2id in a thread, few at a time, and as long for a login that does not exist."""

import asyncio
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

AT_A_TIME = 2
"""Each check takes a core and some 64 MiB for a moment; more at once would only slow all of them down."""

MOST_CHARACTERS = 200


class Passwords:
    """Checks passwords for one process."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._room = asyncio.Semaphore(AT_A_TIME)
        self._dummy = cache(lambda: self._hash.hash(secrets.token_urlsafe(16)))

    async def check(self, given: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password fits, and its new hash when it was hashed with older parameters.

        ``stored`` None (no such login): the work is done all the same, and the answer is no.
        """
        async with self._room:
            return await asyncio.to_thread(self._check, given, stored)

    def _check(self, given: str, stored: str | None) -> tuple[bool, str | None]:
        dummy = self._dummy()
        try:
            fits, newer = self._hash.verify_and_update(given, stored or dummy)
        except UnknownHashError:
            self._hash.verify(given, dummy)
            return False, None
        return (fits, newer) if stored else (False, None)
