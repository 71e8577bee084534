"""Every declared outcome as a form and as JSON: what is accepted, what is refused with which words, what goes where."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from jinja2 import Environment

from api.form_choices import below, choices_for, counties
from api.forms import FormState, Values
from api.i18n import languages
from api.services import WebSettings
from api.static import StaticAssets
from api.task_answers import OWN_FIELDS, read_answers, show_errors, shown_rows
from api.task_forms import OUTCOME, Given, Parsed, check, resolve_cases, schema_of
from api.templating import Pages
from domain import protection_keys as p
from domain.process import ENGINE_KINDS, Field, FieldKind, Outcome, Task
from domain.protection import PROTECTION

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = NOW.date()
ZH = languages()["zh"]
ALL = [(task, outcome) for task in PROTECTION.tasks for outcome in task.outcomes]
TOWNSHIP = "220104001"
FAR_OFF = "日期离今天太远，请核对年份"
GOOD: dict[FieldKind, object] = {
    FieldKind.TEXT: "孩子在家，有人照看",
    FieldKind.NAME: "王芳",
    FieldKind.PHONE: "13804310000",
    FieldKind.ID_NUMBER: "11010519491231002X",
    FieldKind.FLAG: True,
    FieldKind.DAY: "2026-03-01",
    FieldKind.INSTANT: "2026-03-02T08:30:00+08:00",
    FieldKind.TERRITORY: TOWNSHIP,
    FieldKind.VILLAGE: f"{TOWNSHIP}001",
    FieldKind.CASE: "220104-2026-000001",
    FieldKind.SERVICES: [{"service": "school", "provider": "school", "due": "2026-04-10"}],
}


def good(question: Field) -> object:
    """An answer that is taken."""
    if question.kind is FieldKind.CODE:
        return question.options[0].key
    if question.kind is FieldKind.CODES:
        return [option.key for option in question.options]
    return question.least if question.kind is FieldKind.COUNT else GOOD[question.kind]


def answers(outcome: Outcome) -> dict[str, object]:
    """Answers to every question of an outcome."""
    return {question.key: good(question) for question in outcome.fields}


def typed(outcome: Outcome, given: dict[str, object]) -> FormState:
    """The same answers as a browser posts them."""
    values: Values = {}
    for question in outcome.fields:
        value = given.get(question.key)
        if isinstance(value, bool):
            values[question.key] = "yes" if value else "no"
        elif question.kind is FieldKind.INSTANT and isinstance(value, str):
            values[question.key], values[f"{question.key}_time"] = value[:10], value[11:16]
        elif question.kind is FieldKind.SERVICES and isinstance(value, list):
            values[f"{question.key}-rows"] = "2"
            for row, cells in enumerate(value, 1):
                values.update({f"{question.key}-{row}-{part}": text for part, text in cells.items()})
        elif isinstance(value, list):
            values[question.key] = [str(part) for part in value]
        elif value is not None:
            values[question.key] = str(value)
    return FormState(values=values)


def names(pairs: list[tuple[Task, Outcome]]) -> Iterator[str]:
    return (f"{task.key}.{outcome.key}" for task, outcome in pairs)


def judge(task: str, outcome: str, **given: object) -> Parsed:
    """One JSON body judged."""
    declared = PROTECTION.task(task)
    return check(declared, declared.outcome(outcome), Given(given), NOW)


def judged(task: str, outcome: str, **given: str | list[str]) -> FormState:
    """One posted form judged, with its errors shown."""
    chosen = PROTECTION.task(task).outcome(outcome)
    form = FormState(values=dict(given))
    parsed = check(PROTECTION.task(task), chosen, read_answers(chosen, form), NOW)
    show_errors(chosen, form, parsed.errors, ZH.gettext)
    return form


def words(parsed: Parsed) -> dict[str, str]:
    return {path: phrase.said() for path, phrase in parsed.errors.items()}


@pytest.mark.parametrize(("task", "outcome"), ALL, ids=names(ALL))
def test_a_full_form_and_its_json_are_taken_alike(task: Task, outcome: Outcome) -> None:
    given = answers(outcome)
    by_json = check(task, outcome, Given(given), NOW)
    by_form = check(task, outcome, read_answers(outcome, typed(outcome, given)), NOW)
    assert by_json == by_form
    assert not by_json.errors
    assert {*by_json.codes, *by_json.content} == {question.key for question in outcome.fields}


@pytest.mark.parametrize(("task", "outcome"), ALL, ids=names(ALL))
def test_no_words_about_a_person_reach_the_engine(task: Task, outcome: Outcome) -> None:
    parsed = check(task, outcome, Given(answers(outcome)), NOW)
    coded = {question.key for question in outcome.fields if question.kind in ENGINE_KINDS}
    assert set(parsed.codes) == coded
    assert not coded & set(parsed.content)


@pytest.mark.parametrize(("task", "outcome"), ALL, ids=names(ALL))
def test_an_empty_form_is_refused_exactly_for_what_must_be_answered(task: Task, outcome: Outcome) -> None:
    form = FormState()
    parsed = check(task, outcome, read_answers(outcome, form), NOW)
    assert list(parsed.errors) == [question.key for question in outcome.fields if question.required]
    assert set(check(task, outcome, Given({}), NOW).errors) == set(parsed.errors)


@pytest.mark.parametrize(("task", "outcome"), ALL, ids=names(ALL))
def test_blank_answers_count_as_none(task: Task, outcome: Outcome) -> None:
    blank = {q.key: "  " for q in outcome.fields if q.kind in {FieldKind.TEXT, FieldKind.NAME}}
    parsed = check(task, outcome, Given(answers(outcome) | blank), NOW)
    assert set(parsed.errors) == {q.key for q in outcome.fields if q.key in blank and q.required}


def test_questions_of_another_outcome_are_refused_by_name() -> None:
    assert words(judge(p.ACCEPT, "accept", why="place")) == {"why": "没有这个字段"}
    assert judged(p.ACCEPT, "accept", colour="red").errors == {"": "没有这个字段"}


def test_the_fields_of_the_form_itself_are_no_answers() -> None:
    assert judged(p.ACCEPT, "accept", **dict.fromkeys(OWN_FIELDS, "x")).ok


def test_no_question_is_named_like_the_discriminator_or_the_form() -> None:
    keys = {question.key for _, outcome in ALL for question in outcome.fields}
    assert not keys & {OUTCOME, *OWN_FIELDS}


@pytest.mark.parametrize(
    ("task", "outcome", "given", "expected"),
    [
        (p.GRADING, "graded", {"colour": "purple"}, {"colour": "风险等级不在可选的值之内", "reason": "请填写理由"}),
        (p.ASSESSMENT, "assessed", {"assessors": 1}, {"assessors": "评估人数不能少于 2"}),
        (p.ASSESSMENT, "assessed", {"assessors": 21}, {"assessors": "评估人数不能多于 20"}),
        (p.ASSESSMENT, "assessed", {"assessors": "two"}, {"assessors": "请填写整数"}),
        (p.ASSESSMENT, "assessed", {"assessors": True}, {"assessors": "请填写整数"}),
        (p.TEMPORARY_REVIEW, "done", {"seen_child": "maybe"}, {"seen_child": "是否见到儿童本人不在可选的值之内"}),
        (p.SAFETY_DECISION, "measures", {"measures": []}, {"measures": "请选择应急措施"}),
        (p.SAFETY_DECISION, "measures", {"measures": ["shelter"] * 2}, {"measures": "应急措施有重复"}),
        (p.MEDICAL, "done", {"on_day": "2026-02-30"}, {"on_day": "日期应为“年-月-日”，例如 2026-03-02"}),
        (p.MEDICAL, "done", {"on_day": "1926-03-01"}, {"on_day": FAR_OFF}),
        (p.NOTIFY_POLICE, "notified", {"told_at": "2026-03-02T10:00:00+08:00"}, {"told_at": "时间不能晚于现在"}),
        (
            p.NOTIFY_POLICE,
            "notified",
            {"told_at": "0001-01-01T00:00:00+14:00"},
            {"told_at": "日期离今天太远，请核对年份"},
        ),
        (p.ACCEPT, "transfer", {"territory": "999999999"}, {"territory": "没有这个乡镇（街道）"}),
        (p.ACCEPT, "transfer", {"territory": "220104"}, {"territory": "请选到乡镇（街道）"}),
        (p.GRADING, "graded", {"reason": "长" * 2001}, {"reason": "理由最多 2000 个字"}),
        (p.GRADING, "graded", {"reason": "坏\x07"}, {"reason": "含有不可见的控制字符，请删除后重试"}),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    task: str, outcome: str, given: dict[str, object], expected: dict[str, str]
) -> None:
    declared = PROTECTION.task(task)
    base = {} if "reason" in expected and len(expected) > 1 else answers(declared.outcome(outcome))
    found = words(judge(task, outcome, **(base | given)))
    assert found == expected


def test_an_instant_needs_a_zone_and_is_kept_in_chinese_time() -> None:
    assert "told_at" in judge(p.NOTIFY_POLICE, "notified", told_at="2026-03-02T08:00:00").errors
    parsed = judge(p.NOTIFY_POLICE, "notified", told_at="2026-03-02T00:30:00Z")
    assert parsed.codes == {"told_at": "2026-03-02T08:30:00+08:00"}


def test_an_instant_of_the_form_needs_day_and_time() -> None:
    assert judged(p.NOTIFY_POLICE, "notified", told_at="2026-03-02").errors == {"told_at": "请把日期和时间都填上"}
    bad = judged(p.NOTIFY_POLICE, "notified", told_at="2026-03-02", told_at_time="25:00")
    assert set(bad.errors) == {"told_at"}


def test_full_width_digits_are_understood() -> None:
    given = answers(PROTECTION.task(p.ASSESSMENT).outcome("assessed"))
    form = typed(PROTECTION.task(p.ASSESSMENT).outcome("assessed"), given)
    form.values["assessors"] = "３"
    outcome = PROTECTION.task(p.ASSESSMENT).outcome("assessed")
    assert check(PROTECTION.task(p.ASSESSMENT), outcome, read_answers(outcome, form), NOW).codes["assessors"] == 3


def test_an_error_in_a_row_stands_at_its_own_cell() -> None:
    form = judged(p.HELP_PLAN, "planned", **{"services-2-service": "school", "services-2-due": "soon"})
    assert form.errors == {
        "services-2-due": "日期应为“年-月-日”，例如 2026-03-02",
        "services-2-provider": "请选择提供方",
    }


def test_a_plan_without_rows_asks_for_its_services() -> None:
    assert judged(p.HELP_PLAN, "planned").errors == {"services": "请填写服务事项"}


def test_one_more_row_is_shown_when_asked_for_up_to_the_most() -> None:
    (question,) = (q for q in PROTECTION.task(p.HELP_PLAN).outcome("planned").fields if q.kind is FieldKind.SERVICES)
    assert shown_rows(question, FormState()) == 2
    assert shown_rows(question, FormState({"services-rows": "2", "step": "row:services"})) == 3
    assert shown_rows(question, FormState({"services-rows": "9999", "step": "row:services"})) == 2 + 1
    assert shown_rows(question, FormState({"services-rows": "20", "step": "row:services"})) == 20
    assert shown_rows(question, FormState({"services-7-due": "2026-04-01"})) == 7


async def test_a_case_number_becomes_an_id_or_an_error() -> None:
    other = UUID(int=7)
    merge = PROTECTION.task(p.ACCEPT).outcome("merge")
    parsed = judge(p.ACCEPT, "merge", case=" 220104-2026-000001 ", reason="同一孩子")

    async def find(number: str) -> UUID | None:
        return other if number == "220104-2026-000001" else None

    assert (await resolve_cases(merge, parsed, find)).codes == {"case": str(other)}
    stranger = judge(p.ACCEPT, "merge", case="220104-2026-999999", reason="同一孩子")
    assert words(await resolve_cases(merge, stranger, find)) == {"case": "没有找到这个编号的个案，或者它不能并入"}


def test_the_schema_of_a_task_names_every_outcome_and_stands_alone() -> None:
    for task in PROTECTION.tasks:
        schema = schema_of(task)
        branches = schema.get("oneOf", [schema])
        assert {branch["properties"][OUTCOME]["const"] for branch in branches} == {o.key for o in task.outcomes}
        assert all(branch["additionalProperties"] is False for branch in branches)
        assert "$ref" not in str(schema)


def test_townships_are_offered_county_by_county() -> None:
    assert len(counties(TODAY)) > 60
    assert (TOWNSHIP, "前进街道") in below("220104", TODAY)
    form = FormState({"territory_county": "220102"})
    outcome = PROTECTION.task(p.ACCEPT).outcome("transfer")
    assert choices_for(outcome, form, TOWNSHIP, TODAY).townships["territory"] == below("220102", TODAY)
    untouched = FormState()
    assert choices_for(outcome, untouched, TOWNSHIP, TODAY).townships["territory"] == below("220104", TODAY)
    assert untouched.value("territory_county") == "220104"


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The templates in Chinese."""
    pages = Pages(WebSettings(csrf_key=bytes(32)), StaticAssets(), [Path("templates"), Path("tests/web")])
    return pages._environments["zh"]


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize(("task", "outcome"), ALL, ids=names(ALL))
def test_every_question_has_its_label_and_keeps_what_was_typed(
    environment: Environment, task: Task, outcome: Outcome, filled: bool
) -> None:
    form = typed(outcome, answers(outcome)) if filled else FormState()
    if not filled:
        show_errors(outcome, form, check(task, outcome, read_answers(outcome, form), NOW).errors, ZH.gettext)
    more = choices_for(outcome, form, TOWNSHIP, TODAY)
    macro = environment.get_template("components/task_form.html").module.question  # type: ignore[attr-defined]
    for question in outcome.fields:
        html = str(macro(form, question, more))
        assert question.title in html
        assert f'name="{question.key}"' in html or f'name="{question.key}-1-service"' in html
        if form.error(question.key):
            assert form.error(question.key) in html
        if filled and question.kind in {FieldKind.TEXT, FieldKind.DAY}:
            assert str(GOOD[question.kind]) in html
