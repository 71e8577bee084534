"""The legal-basis page: time limits in words, statutory and target never mixed up."""

from datetime import date
from pathlib import Path

import pytest

from domain.basis import BasisRow, basis_rows, basis_words, length_words, limit_words, render_markdown
from domain.basis_words import MARK_TITLES, ladder_words, reminder_words, start_words
from domain.phrase import Phrase
from domain.process import Role
from domain.protection import PROTECTION
from domain.rule import HOLDER, MARKS, Basis, Kind, LadderStep, Rule, Unit
from domain.rules import RuleBook

PACK = """
[pack]
name = "测试"
jurisdiction = "测试"
default_reminders = ["70%"]
default_ladder = [
    { after = "PT0S", to = "holder" },
    { after = "PT0S", to = "county_leader", level = "county" },
    { after = "P1D", to = "city_officer", level = "city" },
]

[stop_reasons.hospital]
title = "监护人住院"
basis = ["内部规定", "第一条", "D"]

[[rule]]
key = "B-2"
process = "protection"
task = "assessment"
title = "目标|一"
kind = "limit"
unit = "natural_days"
length = "30"
start = "grading.done"
when = { colour = ["red", ""] }
stops = ["hospital"]
extension = "30"
extensions = 1
statutory = false
basis = [["内部规定", "第二条", "D"], ["某省条例", "第三条", "L"]]
effective_from = 2020-01-01
effective_to = 2021-05-31
reminders = ["50%", "-P2D", "-3d"]

[[rule]]
key = "A-1"
process = "protection"
task = "assessment"
title = "法律要求"
kind = "limit"
unit = "none"
word = "及时"
start = "opened"
statutory = true
basis = [["某法", "第九条", "V"]]
effective_from = 2021-06-01
"""


def _rule(unit: Unit, length: str = "", **others: object) -> Rule:
    values: dict[str, object] = {
        "key": "K", "process": "protection", "task": "accept", "title": "t", "kind": Kind.LIMIT, "unit": unit,
        "length": length, "word": "", "start": "opened", "when": {}, "rolls": False, "stops": (), "extension": "",
        "extensions": 0, "statutory": False, "basis": (Basis("内部规定", "第二条", "D"),),
        "effective_from": date(2020, 1, 1), "effective_to": None, "reminders": (), "ladder": (),
    }  # fmt: skip
    return Rule(**(values | others))  # type: ignore[arg-type]


@pytest.fixture
def rows(tmp_path: Path) -> list[BasisRow]:
    path = tmp_path / "pack.toml"
    path.write_text(PACK, encoding="utf-8")
    return basis_rows(RuleBook.load([path]), [PROTECTION])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (_rule(Unit.ELAPSED, "PT2H"), "2 小时"),
        (_rule(Unit.ELAPSED, "PT1H"), "1 小时"),
        (_rule(Unit.ELAPSED, "P3D"), "72 小时"),
        (_rule(Unit.ELAPSED, "PT1H30M"), "1 小时又 30 分钟"),
        (_rule(Unit.ELAPSED, "PT5S"), "5 秒"),
        (_rule(Unit.ELAPSED, "PT0.2S"), "0 秒"),
        (_rule(Unit.NATURAL_DAYS, "30"), "30 日"),
        (_rule(Unit.NATURAL_DAYS, "0"), "至选定的日期"),
        (_rule(Unit.WORKING_DAYS, "3"), "3 个工作日"),
        (_rule(Unit.MONTHS, "1"), "1 个月"),
        (_rule(Unit.MONTHS, "18"), "18 个月"),
        (_rule(Unit.MONTHS, "12"), "1 年"),
        (_rule(Unit.NONE, word="立即"), "立即（法律未规定具体时限）"),
    ],
)
def test_a_length_in_words(rule: Rule, words: str) -> None:
    assert length_words(rule).said() == words


def test_within_and_full_are_told_apart() -> None:
    assert limit_words(_rule(Unit.MONTHS, "6")).said() == "6 个月内"
    assert limit_words(_rule(Unit.MONTHS, "6", kind=Kind.WAIT)).said() == "满 6 个月"
    assert limit_words(_rule(Unit.NONE, word="应当")).said() == "应当（法律未规定具体时限）"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("opened", "本事项开始时"),
        ("report.done", "“发现并报告”完成后"),
        ("report.discovered", "“发现并报告”中发现情况的时间"),
        ("order_application.accepted_at", "“申请人身安全保护令”填写的受理时间"),
        ("service.due", "“服务事项”定下的日期"),
        ("visit.start", "上一次“走访”后，首次自安排时起"),
        ("visit.whatever", "“走访”写明的时间"),
        ("case.ended", "个案办结时"),
    ],
)
def test_the_start_event_in_the_words_of_the_process(start: str, words: str) -> None:
    assert start_words(_rule(Unit.MONTHS, "1", start=start), PROTECTION).said() == words


def test_reminders_and_ladder_in_words() -> None:
    rule = _rule(
        Unit.NATURAL_DAYS,
        "30",
        reminders=("50%", "-P2D", "-3d"),
        ladder=(LadderStep("PT0S", HOLDER), LadderStep("PT0S", "county_leader"), LadderStep("PT4H", "city_officer")),
    )
    assert [phrase.said() for phrase in reminder_words(rule)] == [
        "时限用去 50% 时",
        "到期前 48 小时",
        "到期前 3 日",
    ]
    assert [phrase.said() for phrase in ladder_words(rule)] == [
        "逾期时告知责任人、县级民政负责人",
        "逾期 4 小时后告知市级民政干部",
    ]


def test_the_basis_names_every_instrument_with_its_article() -> None:
    rule = _rule(Unit.MONTHS, "1", basis=(Basis("某法", "第一条", "V"), Basis("内部规定", "第二条", "D")))
    assert basis_words(rule) == "某法 第一条；内部规定 第二条"


def test_every_mark_and_every_address_has_words() -> None:
    assert set(MARK_TITLES) == MARKS
    ladder = tuple(LadderStep(f"PT{hours}H", to) for hours, to in enumerate((HOLDER, *Role)))
    assert all(phrase.said() for phrase in ladder_words(_rule(Unit.MONTHS, "1", ladder=ladder)))


def test_a_phrase_is_translated_with_what_is_in_it() -> None:
    english = {"%(n)d 个工作日": "%(n)d working days", "%(length)s内": "within %(length)s"}
    assert limit_words(_rule(Unit.WORKING_DAYS, "3")).said(lambda text: english.get(text, text)) == (
        "within 3 working days"
    )


def test_a_percent_sign_without_places_stays() -> None:
    assert Phrase("用去 50% 时").said() == "用去 50% 时"


def test_rows_follow_stages_and_tasks_and_put_the_law_first(rows: list[BasisRow]) -> None:
    places = [[stage.key for stage in PROTECTION.stages].index(row.stage.key) for row in rows]
    assert places == sorted(places)
    assert {row.task.key for row in rows} == {task.key for task in PROTECTION.tasks}
    assert [row.rule.key for row in rows if row.rule] == ["A-1", "B-2"]


def test_a_row_says_everything_about_its_rule(rows: list[BasisRow]) -> None:
    law, target = (row for row in rows if row.rule)
    assert law.standing == Phrase("法定") and target.standing == Phrase("内部目标")
    assert law.ladder == () and law.extension is None
    assert target.effective and target.effective.said() == "2020-01-01 至 2021-05-31"
    assert [phrase.said() for phrase in target.conditions] == ["风险等级：红（高风险）、未确定"]
    assert [phrase.said() for phrase in target.counting] == ["最后一日是休息日的，顺延至下一工作日"]
    assert target.extension and target.extension.said() == "可延长 1 次，每次 30 日"
    assert [(stop.title.said(), stop.basis.article) for stop in target.stops] == [("监护人住院", "第一条")]


def test_the_markdown_page_is_whole_and_its_tables_are_sound(rows: list[BasisRow]) -> None:
    page = render_markdown(rows)
    lines = page.splitlines()
    assert "#### 监护能力评估" in lines
    assert "| D | 本系统内部目标 |" in lines and not any("凭记忆" in line for line in lines)
    assert r"| 目标\|一 | 30 日内 |" in page and "停止计时：监护人住院（内部规定 第一条）" in page
    assert any(line.startswith("没有时限的事项：") and "现场核查" in line for line in lines)
    tables = [line for line in lines if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in tables} == {3, 8}
    assert render_markdown(rows) == page and page.endswith("\n") and not page.endswith("\n\n")


def test_rules_of_another_process_are_left_out(rows: list[BasisRow]) -> None:
    assert render_markdown([]).count("##") == 0
    assert {row.process.key for row in rows} == {"protection"}
