"""What a browser posted for an outcome, read into the shape that JSON has; nothing is checked here but whether it can
be read, and nothing typed is lost."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from api.answer_types import NO_TIME, NOT_AN_INSTANT, Wrong, plain
from api.csrf import FIELD as CSRF_FIELD
from api.forms import FormState
from api.task_forms import Given
from domain.phrase import Phrase, Translate
from domain.process import Field, FieldKind, Outcome
from domain.zone import CHINA

STEP = "step"
"""The name of buttons that change the form without sending it: one more row, the townships of a county."""

KEY = "key"
"""The form's nonce: the same form posted twice is one act."""

OWN_FIELDS = frozenset({CSRF_FIELD, KEY, STEP})
ROW_PARTS = ("service", "provider", "due")
ROWS_AT_FIRST = 2


def read_answers(outcome: Outcome, form: FormState) -> Given:
    """The answers to ``outcome`` in ``form``; blank ones are left out, names of other fields are faults."""
    values: dict[str, object] = {}
    faults: dict[str, Phrase] = {}
    for question in outcome.fields:
        try:
            value = _READ.get(question.kind, _typed)(question, form)
        except Wrong as wrong:
            faults[question.key] = wrong.phrase
            value = None
        if value is not None:
            values[question.key] = value
    values.update({name: form.value(name) for name in strangers(outcome, form)})
    return Given(values, faults)


def strangers(outcome: Outcome, form: FormState) -> list[str]:
    """The names in ``form`` that belong to no question of ``outcome``."""
    known = {name for question in outcome.fields for name in _names(question)} | OWN_FIELDS
    return [name for name in form.values if name not in known]


def _names(question: Field) -> Iterable[str]:
    yield question.key
    if question.kind is FieldKind.INSTANT:
        yield f"{question.key}_time"
    elif question.kind is FieldKind.TERRITORY:
        yield county_name(question)
    elif question.kind is FieldKind.SERVICES:
        yield f"{question.key}-rows"
        yield from (row_name(question, row, part) for row in range(1, question.most + 1) for part in ROW_PARTS)


def county_name(question: Field) -> str:
    """The name of the select that narrows townships down to one county."""
    return f"{question.key}_county"


def row_name(question: Field, row: int, part: str) -> str:
    """The name of one cell of a SERVICES question; rows count from 1."""
    return f"{question.key}-{row}-{part}"


def filled_rows(question: Field, form: FormState) -> list[int]:
    """The rows in which anything was typed."""
    rows = range(1, question.most + 1)
    return [row for row in rows if any(form.value(row_name(question, row, part)).strip() for part in ROW_PARTS)]


def shown_rows(question: Field, form: FormState) -> int:
    """How many rows the page shows: as many as before, one more when asked for, never less than are filled."""
    said = plain(form.value(f"{question.key}-rows"))
    before = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else ROWS_AT_FIRST
    more = 1 if form.value(STEP) == f"row:{question.key}" else 0
    return min(max([before + more, *filled_rows(question, form)]), question.most)


def show_errors(outcome: Outcome, form: FormState, errors: Mapping[str, Phrase], translate: Translate) -> None:
    """Put the errors of the parser beside the fields of the page."""
    by_key = {question.key: question for question in outcome.fields}
    for path, phrase in errors.items():
        key, _, inner = path.partition(".")
        name = key
        if inner and by_key[key].kind is FieldKind.SERVICES:
            index, _, part = inner.partition(".")
            rows = filled_rows(by_key[key], form)
            name = row_name(by_key[key], rows[int(index)], part) if part else key
        form.refuse(name if key in by_key else "", phrase.said(translate))


def _typed(question: Field, form: FormState) -> object:
    text = form.value(question.key)
    return text if text.strip() else None


def _chosen(question: Field, form: FormState) -> object:
    return form.chosen(question.key) or None


def _flag(question: Field, form: FormState) -> object:
    text = form.value(question.key)
    return {"yes": True, "no": False, "": None}.get(text, text)


def _count(question: Field, form: FormState) -> object:
    text = plain(form.value(question.key))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None


def _instant(question: Field, form: FormState) -> object:
    day, time = plain(form.value(question.key)), plain(form.value(f"{question.key}_time"))
    if not day and not time:
        return None
    if not (day and time):
        raise Wrong(NO_TIME)
    try:
        return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=CHINA).isoformat()
    except ValueError:
        raise Wrong(NOT_AN_INSTANT) from None


def _services(question: Field, form: FormState) -> object:
    rows = [
        {part: text for part in ROW_PARTS if (text := form.value(row_name(question, row, part)).strip())}
        for row in filled_rows(question, form)
    ]
    return rows or None


_READ: dict[FieldKind, Callable[[Field, FormState], object]] = {
    FieldKind.CODES: _chosen,
    FieldKind.FLAG: _flag,
    FieldKind.COUNT: _count,
    FieldKind.INSTANT: _instant,
    FieldKind.SERVICES: _services,
}
