"""Receipt numbers survive being read out, typed and mistyped; look-up codes are derived and bound to their report."""

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.checks import Invalid, Reason
from domain.receipts import LOOKUP_ALPHABET, check_lookup_code, check_receipt, lookup_code, make_receipt, opens

BITS = st.integers(0, 2**64 - 1)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def refusal(text: str) -> Reason:
    with pytest.raises(Invalid) as caught:
        check_receipt(text)
    return caught.value.reason


def test_a_number_reads_as_province_year_and_groups_of_digits() -> None:
    receipt = make_receipt(483019572264, 2026)
    assert receipt.startswith("JL26-4830-1957-2264") and len(receipt) == 20


@given(BITS, st.integers(2020, 2099))
def test_what_is_made_is_accepted_unchanged(bits: int, year: int) -> None:
    receipt = make_receipt(bits, year)
    assert check_receipt(receipt) == receipt


@given(BITS)
def test_the_ways_people_type_a_number_are_forgiven(bits: int) -> None:
    receipt = make_receipt(bits, 2026)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in receipt)
    typed = (
        receipt.lower(),
        receipt.replace("-", ""),
        receipt.replace("-", " "),
        receipt.replace("-", "—"),
        receipt.removeprefix("JL"),
        f"  {receipt}\n",
        full_width,
        "JL" + receipt.removeprefix("JL").replace("0", "O").replace("1", "l"),
    )
    assert {check_receipt(text) for text in typed} == {receipt}


@given(BITS, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_caught(bits: int, place: int, shift: int) -> None:
    digits = make_receipt(bits, 2026).replace("-", "")[2:]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert refusal(wrong) is Reason.RECEIPT_CHECK_DIGIT


@given(BITS, st.integers(0, 13))
def test_two_swapped_digits_are_caught(bits: int, place: int) -> None:
    digits = make_receipt(bits, 2026).replace("-", "")[2:]
    assume(digits[place] != digits[place + 1])
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert refusal(swapped) is Reason.RECEIPT_CHECK_DIGIT


@pytest.mark.parametrize(
    "text",
    ["", "JL", "JL26", "JL26-4830-1957-2264", "BJ26-4830-1957-22647", "JL26-4830-1957-226478", "①" * 14, "٣" * 15],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert refusal(text) is Reason.RECEIPT_FORM


@given(st.uuids())
def test_a_code_opens_its_own_report_only_with_its_own_key(report: UUID) -> None:
    code = lookup_code(KEY, report)
    assert len(code) == 6 and set(code) <= set(LOOKUP_ALPHABET)
    assert code == lookup_code(KEY, report) == check_lookup_code(code)
    assert opens(KEY, report, code)
    assert not opens(OTHER_KEY, report, code) or lookup_code(OTHER_KEY, report) == code


def test_codes_differ_from_report_to_report() -> None:
    codes = {lookup_code(KEY, UUID(int=number)) for number in range(2000)}
    assert len(codes) >= 1999


@given(st.uuids())
def test_the_ways_people_type_a_code_are_forgiven(report: UUID) -> None:
    code = lookup_code(KEY, report)
    confused = code.replace("8", "B").replace("5", "s").replace("2", "Z")
    assert check_lookup_code(f" {code[:3].lower()} {code[3:]} ") == check_lookup_code(confused) == code


@pytest.mark.parametrize("text", ["", "ACDEF", "ACDEFGH", "ACDE0F", "儿童儿童儿童", "ACDEF\x00"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_lookup_code(text)
    assert caught.value.reason is Reason.LOOKUP_CODE
