"""The rule book, and the packs that are shipped: every number of the reference, every task covered."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.durations import duration_text, parse_duration
from domain.protection import PROTECTION
from domain.rule import LEGAL_MARKS, Quiet
from domain.rules import PACKS, BadPack, Kind, RuleBook, Unit, pack_paths

TASKS = {PROTECTION.key: [task.key for task in PROTECTION.tasks]}
BOOK = RuleBook.load(pack_paths("cn,cn-jilin"))
TODAY = date(2026, 3, 6)

HEADER = '[pack]\nname = "甲"\njurisdiction = "吉林省"\n'
ROW = """
[[rule]]
key = "D-02"
process = "protection"
task = "accept"
title = "受理"
kind = "limit"
unit = "elapsed"
length = "PT24H"
start = "report.done"
statutory = false
basis = [["本系统内部目标", "D-02", "D"]]
effective_from = 2020-04-08
"""


def armed(task: str, on: date = TODAY, facts: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """The clocks of a task: rule key, unit and length."""
    rules = BOOK.for_task("protection", task, facts or {}, on)
    return [(rule.key, str(rule.unit), rule.length) for rule in rules if rule.armed]


def unarmed(task: str, on: date = TODAY) -> set[tuple[str, str]]:
    return {(r.key, r.word) for r in BOOK.for_task("protection", task, {"colour": "red"}, on) if not r.armed}


def pack(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(HEADER + text, encoding="utf-8")
    return path


# The book.


def test_a_setting_names_packs_by_name_or_path(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    assert pack_paths(f"cn, cn-jilin,{mine}") == [PACKS / "cn.toml", PACKS / "cn-jilin.toml", mine]
    assert pack_paths(("cn",)) == [PACKS / "cn.toml"]
    assert pack_paths("mine.toml") == [Path("mine.toml")]
    with pytest.raises(ValueError, match="names no pack"):
        pack_paths(" , ")


def test_a_later_pack_overrides_the_row_of_the_same_key_and_day(tmp_path: Path) -> None:
    first = pack(tmp_path, "a.toml", ROW + ROW.replace("D-02", "D-03"))
    later = pack(tmp_path, "b.toml", ROW.replace("PT24H", "PT1S") + ROW.replace("D-02", "D-04"))
    book = RuleBook.load([first, later])
    assert [(rule.key, rule.length) for rule in book.all()] == [("D-02", "PT1S"), ("D-03", "PT24H"), ("D-04", "PT24H")]
    assert book.get("D-02@2020-04-08").length == "PT1S"
    with pytest.raises(KeyError):
        book.get("D-02@2020-04-09")


def test_versions_that_overlap_are_refused_also_across_packs(tmp_path: Path) -> None:
    first = pack(tmp_path, "a.toml", ROW)
    later = pack(tmp_path, "b.toml", ROW.replace("2020-04-08", "2024-01-01"))
    with pytest.raises(BadPack) as refused:
        RuleBook.load([first, later])
    assert (refused.value.file, refused.value.row) == (later, "D-02")
    assert refused.value.reason == "overlaps the version in force from 2020-04-08"


def test_the_version_in_force_on_the_day_is_the_one_that_counts(tmp_path: Path) -> None:
    old = ROW + "effective_to = 2023-12-31\n"
    new = ROW.replace("2020-04-08", "2024-01-01").replace("PT24H", "PT12H")
    book = RuleBook.load([pack(tmp_path, "a.toml", old + new)])
    lengths = [
        [rule.length for rule in book.for_task("protection", "accept", {}, day)]
        for day in (date(2020, 4, 7), date(2020, 4, 8), date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert lengths == [[], ["PT24H"], ["PT24H"], ["PT12H"]]


def test_every_condition_must_hold_and_an_unknown_fact_is_the_empty_word(tmp_path: Path) -> None:
    row = ROW + 'when = { colour = ["red", ""], police = ["yes"] }\n'
    book = RuleBook.load([pack(tmp_path, "a.toml", row)])
    ask = [
        {"colour": "red", "police": "yes"},
        {"police": "yes"},
        {"colour": "red"},
        {"colour": "blue", "police": "yes"},
    ]
    assert [len(book.for_task("protection", "accept", facts, TODAY)) for facts in ask] == [1, 1, 0, 0]
    assert book.for_task("adoption", "accept", {"police": "yes"}, TODAY) == []


def test_a_stop_reason_must_be_known(tmp_path: Path) -> None:
    row = ROW + 'stops = ["appraisal"]\n'
    with pytest.raises(BadPack, match=r"stop reason 'appraisal' is in no \[stop_reasons\] table"):
        RuleBook.load([pack(tmp_path, "a.toml", row)])
    reasons = '\n[stop_reasons.appraisal]\ntitle = "鉴定期间"\nbasis = ["某规定", "第一条", "V"]\n'
    book = RuleBook.load([pack(tmp_path, "b.toml", reasons), pack(tmp_path, "a.toml", row)])
    assert book.stop_reasons["appraisal"].title == "鉴定期间"


def test_rows_of_unknown_processes_tasks_and_starts_are_reported(tmp_path: Path) -> None:
    rows = (
        ROW
        + ROW.replace("D-02", "a").replace('"protection"', '"adoption"')
        + ROW.replace("D-02", "b").replace('"accept"', '"excuse"')
        + ROW.replace("D-02", "c").replace("report.done", "rumour.done")
    )
    path = pack(tmp_path, "a.toml", rows)
    found = RuleBook.load([path]).check(TASKS)
    assert [(fault.file, fault.row, fault.reason) for fault in found] == [
        (path, "a", "unknown process 'adoption'"),
        (path, "b", "unknown task 'excuse' of protection"),
        (path, "c", "start event 'rumour.done' names an unknown task"),
    ]


def test_quiet_hours_are_those_of_the_pack_of_the_rule(tmp_path: Path) -> None:
    assert BOOK.quiet("D-06@2020-04-08") is not None
    book = RuleBook.load([pack(tmp_path, "a.toml", ROW)])
    assert book.quiet("D-02@2020-04-08") is None


# The packs.


def test_the_packs_name_only_what_is_declared() -> None:
    assert BOOK.check(TASKS) == []


def test_every_task_has_a_rule_but_those_that_know_no_time() -> None:
    covered = {rule.task for rule in BOOK.all()}
    assert set(TASKS["protection"]) - covered == {"transfer", "propose_close", "dishonesty"}


@pytest.mark.parametrize("colour", ["red", "yellow", "blue", "green", ""])
def test_whatever_the_colour_a_task_with_targets_has_exactly_one_by_colour(colour: str) -> None:
    by_colour = {rule.task for rule in BOOK.all() if "colour" in rule.when}
    for task in by_colour:
        found = [r for r in BOOK.for_task("protection", task, {"colour": colour}, TODAY) if "colour" in r.when]
        assert len(found) == 1, (task, colour, found)


def test_statutory_and_target_are_never_mixed_up() -> None:
    for rule in BOOK.all():
        marks = {basis.mark for basis in rule.basis}
        assert rule.statutory == bool(marks & LEGAL_MARKS and "M" not in marks and rule.basis[0].mark != "D"), rule.ref
        assert rule.key.startswith(("D-", "OWN-", "REP-13", "TMP-04")) != rule.statutory, rule.ref


def test_what_the_law_asks_without_a_number_has_a_target_beside_it() -> None:
    tasks = {rule.task for rule in BOOK.all() if not rule.armed}
    for task in tasks:
        assert any(rule.armed and not rule.statutory for rule in BOOK.all() if rule.task == task), task


@pytest.mark.parametrize(
    ("task", "facts", "clocks"),
    [
        ("report", {}, [("D-01", "elapsed", "PT2H")]),
        ("accept", {"colour": "red"}, [("D-02.red", "elapsed", "PT2H")]),
        ("accept", {"colour": "green"}, [("D-02.other", "elapsed", "PT24H")]),
        ("accept", {}, [("D-02.other", "elapsed", "PT24H")]),
        ("coordinate", {"colour": "red"}, [("D-02.red.coordinate", "elapsed", "PT2H")]),
        ("police_receipt", {}, [("REP-11", "elapsed", "PT24H"), ("REP-13", "elapsed", "P3D")]),
        ("acknowledge", {}, [("D-04", "working_days", "3")]),
        ("onsite_check", {"colour": "red"}, [("D-03.red", "elapsed", "PT24H")]),
        ("onsite_check", {"colour": "yellow"}, [("D-03.yellow", "working_days", "3")]),
        ("onsite_check", {"colour": "blue"}, [("D-03.low", "working_days", "5")]),
        ("temporary_review", {"n": "1"}, [("D-10.1", "months", "1")]),
        ("temporary_review", {"n": "3"}, [("D-10.3", "months", "6")]),
        ("temporary_review", {"n": "5"}, [("D-10.5", "months", "11")]),
        ("temporary_review", {"n": "6"}, []),
        ("temporary_exit", {}, [("TMP-04", "months", "12")]),
        ("grading", {}, [("D-06", "working_days", "3")]),
        ("assessment", {}, [("D-07", "natural_days", "30")]),
        ("help_plan", {}, [("D-08", "working_days", "10")]),
        ("service", {}, [("D-08.service", "natural_days", "0")]),
        ("plan_review", {"colour": "yellow"}, [("D-09.high", "months", "3")]),
        ("plan_review", {"colour": "green"}, [("D-09.low", "months", "6")]),
        ("visit", {"colour": "red"}, [("D-13.red", "natural_days", "7")]),
        ("visit", {"colour": "yellow"}, [("D-13.yellow", "natural_days", "15")]),
        ("visit", {"colour": "blue"}, [("D-13.blue", "months", "1")]),
        ("visit", {"colour": "green"}, [("D-13.green", "months", "3")]),
        ("conference", {}, [("D-31", "working_days", "10")]),
        ("order_decision", {"order_urgent": "yes"}, [("ORD-01.urgent", "elapsed", "PT24H")]),
        ("order_decision", {"order_urgent": "no"}, [("ORD-01", "elapsed", "PT72H")]),
        ("order_renewal", {}, [("ORD-03", "natural_days", "0")]),
        ("revocation_decision", {}, [("D-11.decision", "natural_days", "30")]),
        ("revocation_filing", {}, [("D-11.filing", "months", "3")]),
        ("revocation_judgment", {}, [("REV-05", "months", "1")]),
        ("final_feedback", {}, [("D-04.final", "working_days", "3")]),
        ("reopen_window", {}, [("D-28", "months", "6")]),
        ("extension_county", {}, [("OWN-extension.county", "working_days", "1")]),
    ],
)
def test_the_numbers_are_those_of_the_reference(
    task: str, facts: dict[str, str], clocks: list[tuple[str, str, str]]
) -> None:
    assert armed(task, facts=facts) == clocks


def test_at_once_and_promptly_stand_without_a_number() -> None:
    assert unarmed("report") == {("REP-02", "立即"), ("REP-03", "立即"), ("REP-04", "及时")}
    assert unarmed("final_feedback") == {("REP-09.final", "及时")}
    assert ("EMG-07", "应当") in unarmed("temporary_guardianship")


def test_a_case_is_bound_to_the_law_of_its_day() -> None:
    assert unarmed("report", date(2020, 1, 15)) == {("REP-04", "及时")}
    assert unarmed("report", date(2020, 6, 1)) == {("REP-03", "立即"), ("REP-04", "及时")}
    assert unarmed("accept", date(2021, 5, 31)) == set()
    assert unarmed("accept", date(2021, 6, 1)) == {("REP-09.accept", "及时")}
    assert armed("accept", date(2020, 4, 7)) == []
    assert armed("accept", date(2020, 4, 8)) == [("D-02.other", "elapsed", "PT24H")]
    assert armed("order_decision", date(2020, 1, 15)) == [("ORD-01", "elapsed", "PT72H")]


def test_red_is_told_faster_and_at_any_hour() -> None:
    red, other = BOOK.get("D-02.red@2020-04-08"), BOOK.get("D-02.other@2020-04-08")
    told = [(s.after, s.to) for s in red.ladder], [(s.after, s.to) for s in other.ladder]
    assert told == (
        [("PT0S", "holder"), ("PT0S", "county_leader"), ("PT4H", "city_officer"), ("P1D", "provincial_supervisor")],
        [("PT0S", "holder"), ("PT0S", "county_leader"), ("P1D", "city_officer"), ("P3D", "provincial_supervisor")],
    )
    quiet = BOOK.quiet(red.ref)
    assert isinstance(quiet, Quiet)
    assert quiet.exempt_colours == ("red",)


def test_the_year_of_temporary_guardianship_is_announced_and_climbs_to_the_province() -> None:
    year = BOOK.get("TMP-04@2020-04-08")
    assert year.reminders == ("-60d", "-30d", "-7d")
    assert year.ladder[-1].to == "provincial_supervisor"
    assert not year.statutory


def test_the_assessment_may_be_extended_once_and_stopped() -> None:
    assessment = BOOK.get("D-07@2020-04-08")
    assert (assessment.extension, assessment.extensions) == ("30", 1)
    assert assessment.stops == ("guardian_hospitalised", "police_appraisal")


def test_the_window_for_reopening_is_a_wait_that_does_not_roll() -> None:
    window = BOOK.get("D-28@2020-04-08")
    assert (window.kind, window.unit, window.rolls, window.ladder) == (Kind.WAIT, Unit.MONTHS, False, ())


def test_court_and_police_hours_run_from_the_next_hour() -> None:
    assert {rule.key for rule in BOOK.all() if rule.from_next_hour} == {"ORD-01", "ORD-01.urgent", "REP-11"}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT2H", timedelta(hours=2)),
        ("P3D", timedelta(days=3)),
        ("P1W", timedelta(days=7)),
        ("P1DT2H30M", timedelta(days=1, hours=2, minutes=30)),
        ("PT0.5S", timedelta(seconds=0.5)),
        ("PT72H", timedelta(days=3)),
        ("PT0S", timedelta()),
    ],
)
def test_durations_are_read_and_written(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length
    assert parse_duration(duration_text(length)) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "2H", "PT2", "P1Y", "P1M", "-PT2H", "PT-2H", "pt2h", "PT1.S"])
def test_other_writings_of_a_duration_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        parse_duration(text)
