"""Receipt numbers (回执号) and look-up codes (查询码): printable, readable on the phone, safe against slips.

A number is ``JL26-4830-1957-22647``: province, year, twelve random digits and a check digit that catches every wrong
digit and every swap of neighbours. The code is derived from the report with a key, so it is stored nowhere.
"""

import hashlib
import hmac
import re
import unicodedata
from uuid import UUID

from stdnum import damm

from domain.checks import Invalid, Reason

PREFIX = "JL"
RANDOM_DIGITS = 12
LOOKUP_LENGTH = 6
LOOKUP_ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"  # no 0 O, 1 I L, U, and none of B S Z beside 8 5 2
_SEPARATORS = re.compile(r"[\s._·‐-―−-]")
_DIGITS_READ_AS_LETTERS = str.maketrans("OIL", "011")
_LETTERS_READ_AS_DIGITS = str.maketrans("BSZ", "852")


def make_receipt(random_bits: int, year: int) -> str:
    """A receipt number of that year. ``random_bits``: at least 64 bits from a cryptographic source.

    Two reports may draw the same number, if rarely: the store holds it unique and draws again.
    """
    payload = f"{year % 100:02d}{random_bits % 10**RANDOM_DIGITS:0{RANDOM_DIGITS}d}"
    return _printed(payload + damm.calc_check_digit(payload))


def check_receipt(text: str) -> str:
    """The number as it is printed, from what somebody typed or read out; raises Invalid with the reason.

    Full-width and small letters, any separators, a missing prefix and O, I, L for 0 and 1 are forgiven.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().removeprefix(PREFIX)
    digits = plain.translate(_DIGITS_READ_AS_LETTERS)
    if len(digits) != 2 + RANDOM_DIGITS + 1 or not (digits.isascii() and digits.isdigit()):
        raise Invalid(Reason.RECEIPT_FORM)
    if not damm.is_valid(digits):
        raise Invalid(Reason.RECEIPT_CHECK_DIGIT)
    return _printed(digits)


def lookup_code(key: bytes, report_id: UUID) -> str:
    """The six characters that open the status page of ``report_id`` together with its receipt number."""
    number = int.from_bytes(hmac.digest(key, b"lookup-code:" + report_id.bytes, hashlib.sha256), "big")
    letters = []
    for _ in range(LOOKUP_LENGTH):
        number, place = divmod(number, len(LOOKUP_ALPHABET))
        letters.append(LOOKUP_ALPHABET[place])
    return "".join(letters)


def check_lookup_code(text: str) -> str:
    """The code as it is printed, from what somebody typed; raises Invalid when it cannot be one."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LETTERS_READ_AS_DIGITS)
    if len(plain) != LOOKUP_LENGTH or not set(plain) <= set(LOOKUP_ALPHABET):
        raise Invalid(Reason.LOOKUP_CODE)
    return plain


def opens(key: bytes, report_id: UUID, code: str) -> bool:
    """Whether ``code`` (already checked) belongs to the report; takes the same time for every wrong code."""
    return hmac.compare_digest(lookup_code(key, report_id), code)


def _printed(digits: str) -> str:
    return f"{PREFIX}{digits[:2]}-{digits[2:6]}-{digits[6:10]}-{digits[10:]}"
