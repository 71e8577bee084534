"""Typed values: identity numbers, telephones, ages, text."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from domain.checks import (
    MESSAGES,
    IdNumber,
    Invalid,
    Reason,
    Sex,
    age_band,
    age_on,
    check_id_number,
    check_phone,
    clean_text,
)
from domain.triage import AgeBand


def id_number(birth: str, serial: str, place: str = "220102") -> str:
    body = f"{place}{birth}{serial}"
    return body + ric.calc_check_digit(body + "0")


def ending_in_x() -> str:
    return next(number for n in range(100) if (number := id_number("20180301", f"{n:03d}"))[-1] == "X")


def test_an_identity_number_gives_birth_and_sex() -> None:
    girl, boy = id_number("20180315", "002"), id_number("20180315", "013")
    assert check_id_number(girl) == IdNumber(girl, date(2018, 3, 15), Sex.FEMALE)
    assert check_id_number(boy).sex is Sex.MALE


def test_an_identity_number_is_normalised() -> None:
    number = ending_in_x()
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number.lower())
    assert check_id_number(full_width).number == number
    assert check_id_number(f" {number[:6]} {number[6:14]} {number[14:]} ").number == number


def test_a_child_registered_late_under_a_newer_county_code_is_taken() -> None:
    number = id_number("20120301", "002", place="220113")  # 九台 became a district after this birth
    assert check_id_number(number).birth == date(2012, 3, 1)


@given(st.text(alphabet="0123456789", min_size=17, max_size=17))
def test_every_number_with_a_right_check_digit_is_taken_or_refused_for_place_or_birth(body: str) -> None:
    try:
        found = check_id_number(body + ric.calc_check_digit(body + "0"))
    except Invalid as refusal:
        reason = refusal.reason
    else:
        assert found.birth.strftime("%Y%m%d").zfill(8) == body[6:14]
        return
    assert reason is Reason.ID_PLACE_OR_BIRTH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.ID_LENGTH),
        ("22010220180315002", Reason.ID_LENGTH),
        ("220102180315002", Reason.ID_LENGTH),
        ("2201022018031500XX", Reason.ID_CHARACTERS),
        ("2201022018031500\x002", Reason.ID_CHARACTERS),
        ("2201022018031500一X", Reason.ID_CHARACTERS),
        (id_number("20180230", "002"), Reason.ID_PLACE_OR_BIRTH),
        (id_number("00000101", "002"), Reason.ID_PLACE_OR_BIRTH),
        (id_number("20180315", "002", place="990102"), Reason.ID_PLACE_OR_BIRTH),
    ],
)
def test_a_wrong_identity_number_is_refused_with_the_reason(text: str, reason: Reason) -> None:
    with pytest.raises(Invalid) as refusal:
        check_id_number(text)
    assert refusal.value.reason is reason


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_never_taken(place: int, shift: int) -> None:
    number = id_number("20180315", "002")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Invalid) as refusal:
        check_id_number(wrong)
    assert wrong not in str(refusal.value) and refusal.value.message == MESSAGES[Reason.ID_CHECK_DIGIT]


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("13804310001", "13804310001"),
        ("+86 138-0431-0001", "13804310001"),
        ("008613804310001", "13804310001"),
        ("１３８ ０４３１ ０００１", "13804310001"),
        ("0431-88905555", "0431-88905555"),
        ("(0431) 8890 5555", "0431-88905555"),
        ("（0431）88905555转8001", "0431-88905555-8001"),
        ("0431-88905555-8001", "0431-88905555-8001"),
        ("010-62345678", "010-62345678"),
        ("0439-3224567", "0439-3224567"),
        ("400-810-1234", "4008101234"),
    ],
)
def test_a_telephone_is_normalised(text: str, normalised: str) -> None:
    assert check_phone(text) == normalised
    assert check_phone(normalised) == normalised


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.PHONE),
        ("110", Reason.PHONE),
        ("12804310001", Reason.PHONE),
        ("1380431000", Reason.PHONE),
        ("138043100012", Reason.PHONE),
        ("0000-88905555", Reason.PHONE),
        ("13804310001\x00", Reason.PHONE),
        ("²³804310001", Reason.PHONE),
        ("88905555", Reason.PHONE_AREA_CODE),
        ("找王老师", Reason.PHONE),
    ],
)
def test_what_is_no_telephone_is_refused_with_the_reason(text: str, reason: Reason) -> None:
    with pytest.raises(Invalid) as refusal:
        check_phone(text)
    assert refusal.value.reason is reason


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2018, 3, 15), date(2026, 3, 14), 7),
        (date(2018, 3, 15), date(2026, 3, 15), 8),
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
        (date(2016, 2, 29), date(2028, 2, 29), 12),
        (date(2026, 11, 25), date(2026, 11, 25), 0),
    ],
)
def test_age_is_counted_in_full_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_a_birth_after_the_day_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        age_on(date(2026, 11, 26), date(2026, 11, 25))
    assert refusal.value.reason is Reason.BORN_LATER


def test_ages_fall_into_the_bands_of_the_law() -> None:
    expected = [AgeBand.UNDER_8] * 8 + [AgeBand.FROM_8] * 6 + [AgeBand.FROM_14] * 2 + [AgeBand.FROM_16] * 2
    assert [age_band(age) for age in range(18)] == expected
    assert age_band(None) is AgeBand.UNKNOWN


@pytest.mark.parametrize(("age", "reason"), [(-1, Reason.NEGATIVE_AGE), (18, Reason.GROWN_UP), (99, Reason.GROWN_UP)])
def test_an_age_that_is_no_childs_is_refused(age: int, reason: Reason) -> None:
    with pytest.raises(Invalid) as refusal:
        age_band(age)
    assert refusal.value.reason is reason


def test_text_keeps_lines_and_four_byte_characters() -> None:
    assert clean_text("  𠮷田老师说：\r\n孩子\t手臂有伤😢\r ", 100) == "𠮷田老师说：\n孩子\t手臂有伤😢"
    assert clean_text("𠮷" * 5, 5) == "𠮷" * 5


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\x7fb", "a\x85b", "a\ud800b", "a\x1c", "\x1b[31m"])
def test_text_with_control_characters_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_text(text, 100)
    assert refusal.value.reason is Reason.CONTROL_CHARACTER


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        clean_text("伤" * 101, 100)
    assert refusal.value.reason is Reason.TOO_LONG


@given(st.text(max_size=60))
def test_cleaned_text_can_be_stored_and_cleaning_it_again_changes_nothing(text: str) -> None:
    try:
        cleaned = clean_text(text, 200)
    except Invalid:
        return
    assert b"\x00" not in cleaned.encode("utf-8")
    assert clean_text(cleaned, 200) == cleaned


@given(st.text(max_size=40))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for check in (check_id_number, check_phone):
        with suppress(Invalid):
            check(text)


def test_every_reason_has_its_words() -> None:
    assert set(MESSAGES) == set(Reason)
