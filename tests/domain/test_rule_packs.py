"""A bad pack is refused with the file, the row and the reason; a good one is read as written."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from domain.rule import Basis, Kind, LadderStep, Quiet, Unit
from domain.rule_pack import BadPack, read_pack

HEADER = """
[pack]
name = "测试"
jurisdiction = "吉林省"
default_reminders = ["50%"]
default_ladder = [{ after = "PT0S", to = "holder" }]
quiet = { from = "21:00", to = "07:00", exempt_colours = ["red"] }

[ladders]
red = [{ after = "PT0S", to = "holder" }, { after = "PT4H", to = "city_officer", level = "city" }]

[stop_reasons.appraisal]
title = "鉴定期间"
basis = ["公安机关办理行政案件程序规定", "第一百六十五条", "V"]
"""

ROW = {
    "key": '"D-02.red"',
    "process": '"protection"',
    "task": '"accept"',
    "title": '"红色两小时内受理"',
    "kind": '"limit"',
    "unit": '"elapsed"',
    "length": '"PT2H"',
    "start": '"report.done"',
    "statutory": "false",
    "basis": '[["本系统内部目标", "D-02", "D"]]',
    "effective_from": "2020-04-08",
}
WORDY = {"unit": '"none"', "word": '"立即"', "length": None}
DAYS = {"unit": '"natural_days"', "length": '"30"'}
Change = dict[str, str | None]
Write = Callable[..., Path]


def written(change: Change) -> str:
    row = {name: value for name, value in {**ROW, **change}.items() if value is not None}
    return "\n[[rule]]\n" + "".join(f"{name} = {value}\n" for name, value in row.items())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a pack of rows, each the good row with changes (None leaves a field out)."""

    def _write(*changes: Change, header: str = HEADER, name: str = "pack.toml") -> Path:
        path = tmp_path / name
        path.write_text(header + "".join(map(written, changes)), encoding="utf-8")
        return path

    return _write


def test_a_row_is_read_as_written(write: Write) -> None:
    pack = read_pack(write({"when": '{ colour = ["red"] }', "ladder": '"red"', "stops": '["appraisal"]'}))
    (rule,) = pack.rules
    assert (pack.name, pack.jurisdiction) == ("测试", "吉林省")
    assert pack.quiet == Quiet(time(21), time(7), ("red",))
    assert pack.stop_reasons["appraisal"].title == "鉴定期间"
    assert (rule.kind, rule.unit, rule.length, rule.rolls) == (Kind.LIMIT, Unit.ELAPSED, "PT2H", False)
    assert rule.ref == "D-02.red@2020-04-08"
    assert rule.when == {"colour": ("red",)}
    assert rule.basis == (Basis("本系统内部目标", "D-02", "D"),)
    assert rule.ladder == (LadderStep("PT0S", "holder"), LadderStep("PT4H", "city_officer", "city"))
    assert rule.reminders == ("50%",), "the default of the pack"
    assert hash(rule) == hash(rule)


def test_what_a_row_leaves_out_comes_from_the_pack_or_the_unit(write: Write) -> None:
    plain, days, wordy, wait, silent = read_pack(
        write(
            {},
            {"key": '"b"', **DAYS},
            {"key": '"c"', **WORDY},
            {"key": '"d"', "unit": '"months"', "length": '"6"', "kind": '"wait"'},
            {"key": '"e"', "reminders": "[]", "ladder": "[]"},
        )
    ).rules
    assert (plain.rolls, days.rolls, wordy.rolls, wait.rolls) == (False, True, False, True)
    assert plain.ladder == (LadderStep("PT0S", "holder"),)
    assert (wordy.reminders, wordy.ladder, wordy.armed) == ((), (), False)
    assert wait.ladder == ()
    assert (silent.reminders, silent.ladder) == ((), ())


BAD_ROWS: list[tuple[Change, str]] = [
    ({"colour": '"red"'}, "unknown field 'colour'"),
    ({"key": None}, "key is missing or empty"),
    ({"key": '"D 02"'}, "may hold letters"),
    ({"key": '"D-02@x"'}, "may hold letters"),
    ({"title": '" "'}, "title is missing or empty"),
    ({"task": None}, "task is missing or empty"),
    ({"title": "5"}, "title must be text"),
    ({"kind": None}, "kind is missing or empty"),
    ({"kind": '"until"'}, "kind 'until' is none of limit, wait"),
    ({"unit": None}, "unit is missing or empty"),
    ({"unit": '"hours"'}, "unit 'hours' is none of"),
    ({"start": '"report"'}, "neither 'opened' nor of the form"),
    ({"statutory": None}, "statutory must be true or false"),
    ({"statutory": '"yes"'}, "statutory must be true or false"),
    ({"effective_from": None}, "effective_from must be a date"),
    ({"effective_from": '"2020-04-08"'}, "effective_from must be a date"),
    ({"effective_from": "2020-04-08T00:00:00"}, "effective_from must be a date"),
    ({"effective_to": "2020-04-07"}, "effective_to 2020-04-07 is before effective_from"),
    ({"when": '"red"'}, "when must be a table"),
    ({"when": '{ colour = "red" }'}, "colour must be a list of texts"),
    ({"when": "{ colour = [] }"}, "when.colour allows no value"),
    # Length and unit.
    ({"length": None}, "not an ISO 8601 duration"),
    ({"length": "2"}, "length must be text"),
    ({"length": '"2"'}, "not an ISO 8601 duration"),
    ({"length": '"PT"'}, "not an ISO 8601 duration"),
    ({"length": '"P1M"'}, "not an ISO 8601 duration"),
    ({"length": '"PT2H30"'}, "not an ISO 8601 duration"),
    ({"length": '"PT99999999999999H"'}, "duration too long"),
    ({"length": '"PT0S"'}, "is no time at all"),
    ({"unit": '"natural_days"'}, "length 'PT2H' is not a count"),
    ({"unit": '"working_days"', "length": '"-3"'}, "is not a count"),
    ({"unit": '"working_days"', "length": '"03"'}, "is not a count"),
    ({"unit": '"working_days"', "length": '"0"'}, "length 0 is for natural_days"),
    ({"unit": '"months"', "length": '"0"'}, "length 0 is for natural_days"),
    ({"rolls": "true"}, "unit elapsed never rolls"),
    ({"unit": '"working_days"', "length": '"3"', "rolls": "false"}, "rolls may not be false"),
    ({**DAYS, "from_next_hour": "true"}, "from_next_hour is for unit elapsed"),
    ({"extension": '"PT1H"'}, "extension and extensions go together"),
    ({"extensions": "1"}, "extension and extensions go together"),
    ({"extension": '"1"', "extensions": "1"}, "extension: not an ISO 8601 duration"),
    ({"extension": '"PT1H"', "extensions": "10"}, "extensions must be a whole number from 0 to 9"),
    ({"extension": '"PT1H"', "extensions": "true"}, "extensions must be a whole number from 0 to 9"),
    ({**DAYS, "extension": '"0"', "extensions": "1"}, "extension 0 is for natural_days"),
    # No number.
    ({**WORDY, "word": None}, "unit none needs word"),
    ({**WORDY, "length": '"PT2H"'}, "unit none takes no length"),
    ({**WORDY, "kind": '"wait"'}, "kind wait needs a length"),
    ({**WORDY, "reminders": '["50%"]'}, "unit none takes no reminders"),
    ({**WORDY, "ladder": '"red"'}, "unit none takes no ladder"),
    ({**WORDY, "rolls": "true"}, "unit none takes no rolls"),
    ({**WORDY, "stops": '["appraisal"]'}, "unit none takes no stops"),
    ({"word": '"立即"'}, "word belongs to rows without a number"),
    # Basis.
    ({"basis": None}, "basis names no instrument"),
    ({"basis": '["本系统内部目标", "D-02", "D"]'}, "a basis is [instrument, article, mark]"),
    ({"basis": '[["本系统内部目标", "D-02"]]'}, "a basis is [instrument, article, mark]"),
    ({"basis": '[["", "D-02", "D"]]'}, "a basis names an instrument and an article"),
    ({"basis": '[["本系统内部目标", "D-02", "X"]]'}, "unknown mark 'X'"),
    ({"statutory": "true"}, "a statutory row needs a basis marked V, V* or S"),
    ({"statutory": "true", "basis": '[["某规定", "第一条", "L"]]'}, "a statutory row needs a basis"),
    ({"statutory": "true", "basis": '[["某规定", "第一条", "N"]]'}, "a statutory row needs a basis"),
    ({"statutory": "true", "basis": '[["甲", "一", "V"], ["乙", "二", "M"]]'}, "from memory (M) may not be statutory"),
    ({"basis": '[["反家庭暴力法", "第二十八条", "V"]]'}, "a target row needs a basis marked D"),
    # Rungs.
    ({"reminders": '"50%"'}, "reminders must be a list of texts"),
    ({"reminders": '["soon"]'}, "reminder 'soon' is neither"),
    ({"reminders": '["0%"]'}, "reminder '0%' is neither"),
    ({"reminders": '["100%"]'}, "reminder '100%' is neither"),
    ({"reminders": '["PT30M"]'}, "reminder 'PT30M' is neither"),
    ({"reminders": '["-0d"]'}, "reminder '-0d' is neither"),
    ({"reminders": '["-P1Y"]'}, "not an ISO 8601 duration"),
    ({"reminders": '["50%", "50%"]'}, "a reminder stands twice"),
    ({**DAYS, "length": '"0"', "reminders": '["50%"]'}, "a chosen day has no period"),
    ({"ladder": '"blue"'}, "ladder 'blue' is not in [ladders]"),
    ({"ladder": "5"}, "ladder must be a list of steps"),
    ({"ladder": '["PT0S"]'}, "a ladder step must be a table"),
    ({"ladder": '[{ after = "PT0S" }]'}, "to is missing or empty"),
    ({"ladder": '[{ after = "soon", to = "holder" }]'}, "not an ISO 8601 duration"),
    ({"ladder": '[{ after = "PT0S", to = "mayor" }]'}, "ladder step to unknown 'mayor'"),
    ({"ladder": '[{ after = "PT0S", to = "system" }]'}, "ladder step to unknown 'system'"),
    ({"ladder": '[{ after = "PT0S", to = "holder", level = "world" }]'}, "unknown level 'world'"),
    ({"ladder": '[{ after = "PT0S", to = "holder", who = "x" }]'}, "unknown field 'who'"),
    (
        {"ladder": '[{ after = "P1D", to = "holder" }, { after = "PT2H", to = "city_officer" }]'},
        "ladder is not ascending",
    ),
    ({"ladder": '[{ after = "PT0S", to = "holder" }, { after = "PT0S", to = "holder" }]'}, "step stands twice"),
    ({**DAYS, "kind": '"wait"', "ladder": '"red"'}, "kind wait cannot be missed"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_ROWS)
def test_a_bad_row_is_refused_with_file_row_and_reason(write: Write, change: Change, reason: str) -> None:
    path = write({"key": '"good"'}, change)
    with pytest.raises(BadPack) as refused:
        read_pack(path)
    assert refused.value.file == path
    assert refused.value.row == ((change.get("key", ROW["key"]) or "row 2").strip('"'))
    assert reason in refused.value.reason
    assert str(path) in str(refused.value)
    assert refused.value.row in str(refused.value)


def test_a_row_that_stands_twice_is_refused(write: Write) -> None:
    with pytest.raises(BadPack, match="stands twice with effective_from 2020-04-08"):
        read_pack(write({}, {}))


BAD_HEADERS = [
    ("[pack", "", "cannot be read"),
    ('[pack]\njurisdiction = "x"', "[pack]", "name is missing or empty"),
    ('[pack]\nname = "x"', "[pack]", "jurisdiction is missing or empty"),
    (HEADER.replace("jurisdiction", "place"), "[pack]", "unknown field 'place'"),
    (HEADER + '\n[extra]\na = "b"', "", "unknown field 'extra'"),
    (HEADER.replace('"50%"', '"half"'), "[pack]", "reminder 'half' is neither"),
    (HEADER.replace('to = "holder" }]', 'to = "mayor" }]', 1), "[pack]", "ladder step to unknown 'mayor'"),
    (HEADER.replace("21:00", "25:00"), "[pack]", "quiet: "),
    (HEADER.replace("21:00", "07:00"), "[pack]", "two different local times"),
    (HEADER.replace("exempt_colours", "exempt"), "[pack]", "unknown field 'exempt'"),
    (HEADER.replace("PT4H", "4H"), "[ladders]", "not an ISO 8601 duration"),
    (HEADER.replace('title = "鉴定期间"\n', ""), "[stop_reasons]", "title is missing or empty"),
    (HEADER.replace('"第一百六十五条", ', ""), "[stop_reasons]", "a basis is"),
    ('rule = 5\n[pack]\nname = "x"\njurisdiction = "x"', "[[rule]]", "rule must be a list"),
    ('rule = [5]\n[pack]\nname = "x"\njurisdiction = "x"', "row 1", "is not a table"),
]


@pytest.mark.parametrize(("header", "row", "reason"), BAD_HEADERS)
def test_a_bad_header_is_refused_with_its_part(write: Write, header: str, row: str, reason: str) -> None:
    with pytest.raises(BadPack) as refused:
        read_pack(write(header=header))
    assert refused.value.row == row
    assert reason in refused.value.reason


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="cannot be read"):
        read_pack(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(BadPack, match="cannot be read"):
        read_pack(tmp_path / "latin.toml")


def test_the_effective_day_of_a_row_is_its_first(write: Write) -> None:
    (rule,) = read_pack(write({"effective_to": "2021-05-31"})).rules
    days = (date(2020, 4, 7), date(2020, 4, 8), date(2021, 5, 31), date(2021, 6, 1))
    assert [rule.in_force(day) for day in days] == [False, True, True, False]
