"""Writes the seed of the work calendar again from ``chinesecalendar``: ``python -m store.calendar_seed``.

To be run by a developer after that library has taken in a new notice; running systems read the committed file only.
"""

from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays

from domain.calendar import SEED, YearRow, rows_text

MAKE_UP = "调休上班"
SHIFTED = "调休"


def generate() -> str:
    """The CSV of every exceptional day the library knows; a shifted day off is marked 调休 behind its holiday."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    rows = [
        YearRow(day, is_workday=False, name=names[name] + (SHIFTED if day in in_lieu_days else ""))
        for day, name in holidays.items()
    ]
    rows += [YearRow(day, is_workday=True, name=MAKE_UP) for day in workdays]
    return rows_text(sorted(rows, key=lambda row: row.day))


if __name__ == "__main__":
    SEED.write_text(generate(), encoding="utf-8")
