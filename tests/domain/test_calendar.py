"""The working days of China: the committed table against two libraries, the guess beyond it, taking in a year."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from domain.calendar import (
    SEED,
    BadYear,
    DayKind,
    YearRow,
    import_year,
    parse_rows,
    rows_text,
    seed_calendar,
    with_year,
)
from store.calendar_seed import generate

EVERY_DAY = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)]
YEAR_2027 = """day,is_workday,name
2027-01-01,0,元旦
2027-02-06,0,春节
2027-02-08,0,春节
2027-02-14,1,调休上班
2027-05-01,0,劳动节
2027-10-01,0,国庆节
2027-10-02,0,国庆节
2027-10-03,0,国庆节
"""


def test_every_day_2004_to_2026_agrees_with_chinesecalendar() -> None:
    calendar = seed_calendar()
    assert [day for day in EVERY_DAY if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_2004_to_2026_agrees_with_holidays_but_for_one_saturday() -> None:
    calendar, china = seed_calendar(), holidays.country_holidays("CN", years=range(2004, 2027))
    differing = [day for day in EVERY_DAY if calendar.is_workday(day) != china.is_working_day(day)]
    # New Year's Eve 2005: that library has it as a make-up workday, chinesecalendar as an ordinary Saturday.
    assert differing == [date(2005, 12, 31)]


def test_the_committed_table_is_what_the_generator_writes() -> None:
    assert SEED.read_text(encoding="utf-8") == generate()


def test_days_are_named() -> None:
    calendar = seed_calendar()
    assert calendar.day(date(2026, 2, 14)).name == "调休上班"
    assert calendar.day(date(2026, 2, 14)).kind is DayKind.WORKDAY
    assert calendar.day(date(2026, 2, 21)).name == "春节"
    assert calendar.day(date(2026, 2, 20)).name == "春节调休"
    assert calendar.day(date(2026, 3, 2)).name == ""


def test_childrens_day_is_a_workday_of_offices() -> None:
    assert seed_calendar().is_workday(date(2026, 6, 1))


def test_a_make_up_workday_is_where_nothing_rolls_off() -> None:
    calendar = seed_calendar()
    assert calendar.roll(date(2026, 2, 14)) == date(2026, 2, 14)
    assert calendar.roll(date(2026, 2, 15)) == date(2026, 2, 24)
    assert calendar.add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert calendar.add_workdays(date(2026, 9, 28), 7) == date(2026, 10, 13)
    assert calendar.workdays_after(date(2026, 9, 28), date(2026, 10, 13)) == 7


def test_beyond_the_last_notice_the_answer_is_a_statutory_guess() -> None:
    calendar = seed_calendar()
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 4))
    assert not calendar.is_workday(date(2027, 10, 1))
    assert calendar.day(date(2027, 5, 1)).name == "劳动节"
    assert calendar.is_workday(date(2027, 2, 8))  # the lunar holidays are not known
    assert calendar.is_provisional(date(2003, 12, 31))


def test_a_new_year_is_taken_in_under_a_new_version() -> None:
    before = seed_calendar()
    after = with_year(before, import_year(YEAR_2027))
    assert (before.version, after.version) == ("2026.1", "2027.1")
    assert after.known_through == date(2027, 12, 31)
    assert not after.is_workday(date(2027, 2, 8))
    assert after.is_workday(date(2027, 2, 14))
    assert after.is_workday(date(2026, 2, 14))
    assert before.is_workday(date(2027, 2, 8)), "the old calendar is left as it was"


def test_a_known_year_can_be_corrected() -> None:
    calendar = seed_calendar()
    rows = [row for row in parse_rows(SEED.read_text(encoding="utf-8")) if row.day.year == 2020]
    rows.append(YearRow(date(2020, 2, 3), is_workday=False, name="春节延长"))
    corrected = with_year(calendar, rows)
    assert not corrected.is_workday(date(2020, 2, 3))
    assert corrected.version == "2026.2"
    assert corrected.known_through == date(2026, 12, 31)


def test_a_year_that_does_not_follow_is_refused() -> None:
    with pytest.raises(BadYear, match="2028 does not follow 2026"):
        with_year(seed_calendar(), [YearRow(date(2028, 1, 1), is_workday=False, name="元旦")])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the first line must be day,is_workday,name"),
        ("day,name\n2027-01-01,元旦\n", "the first line must be day,is_workday,name"),
        (YEAR_2027 + "2027-02-30,0,春节\n", "line 10: "),
        (YEAR_2027 + "2027-02-09,yes,春节\n", "is_workday is 'yes'"),
        (YEAR_2027 + "2027-02-09,0,\n", "line 10: name is empty"),
        (YEAR_2027 + "2027-02-09,0\n", "line 10: has 2 values instead of 3"),
        (YEAR_2027 + "2027-02-08,0,春节\n", "2027-02-08 stands twice"),
        (YEAR_2027 + "2027-02-09,1,调休上班\n", "2027-02-09 is a workday anyway"),
        (YEAR_2027 + "2028-01-01,0,元旦\n", "rows must be of one year"),
        ("day,is_workday,name\n", "rows must be of one year"),
        (YEAR_2027.replace("2027-10-02,0,国庆节\n", ""), "2027-10-02 is a holiday by statute and is missing"),
    ],
)
def test_a_bad_year_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadYear) as refused:
        import_year(text)
    assert any(reason in fault for fault in refused.value.faults), refused.value.faults


def test_all_faults_of_a_year_are_told_at_once() -> None:
    with pytest.raises(BadYear) as refused:
        import_year("day,is_workday,name\nx,0,a\n2027-02-09,2,b\n")
    assert len(refused.value.faults) == 2


def test_rows_are_read_as_they_are_written_also_from_a_spreadsheet() -> None:
    rows = import_year(YEAR_2027)
    assert import_year("\ufeff" + rows_text(rows).replace("\n", "\r\n")) == rows
