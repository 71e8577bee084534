"""The form of a declared outcome: the model of the JSON API, and the one parser for what a page or a program gives.

Coded answers go to the engine (``codes``), words about people stay in SQL (``content``). Only the questions of the
chosen outcome are accepted.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, TypeAdapter, ValidationError, create_model
from pydantic import Field as Described

from api.answer_types import NOW, UNKNOWN_FIELD, Wrong, demand, type_of, words_for
from domain.acts import Codes
from domain.phrase import Phrase
from domain.process import Field, FieldKind, Outcome, Task
from domain.words import N_

OUTCOME = "outcome"
"""The discriminator of a task's outcomes in JSON; no question may have this key."""

NO_SUCH_CASE = N_("没有找到这个编号的个案，或者它不能并入")

FindCase = Callable[[str], Awaitable[UUID | None]]
"""From a case number to the id of a case that may be named here; None for every other."""


@dataclass(frozen=True, slots=True)
class Given:
    """Answers as JSON has them, by the key of the question; ``faults``: those that could not even be read."""

    values: Mapping[str, object]
    faults: Mapping[str, Phrase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Answers that were checked. ``errors``: from the path of a question (``services.0.due``) to what is wrong."""

    codes: Codes = field(default_factory=dict)
    content: dict[str, str] = field(default_factory=dict)
    errors: Mapping[str, Phrase] = field(default_factory=dict)


def model_of(task: Task, outcome: Outcome) -> type[BaseModel]:
    """What a program sends to end ``task`` with ``outcome``."""
    questions: dict[str, Any] = {OUTCOME: (Literal[outcome.key], ...)}
    for question in outcome.fields:
        described = Described(title=question.title, description=question.help or None)
        kind = type_of(question)
        questions[question.key] = (
            (Annotated[kind, described], ...) if question.required else (Annotated[kind | None, described], None)
        )
    name = "".join(part.title() for part in f"{task.key}_{outcome.key}".split("_"))
    config = ConfigDict(extra="forbid", strict=True, title=f"{task.title}：{outcome.title}")
    model: type[BaseModel] = create_model(name, __config__=config, __doc__=task.hint or None, **questions)
    return model


@cache
def _adapter(task: Task, outcome_key: str) -> TypeAdapter[BaseModel]:
    return TypeAdapter(model_of(task, task.outcome(outcome_key)))


def schema_of(task: Task) -> dict[str, Any]:
    """The JSON schema of everything that may be sent to end ``task``, told apart by ``outcome``."""
    models = [model_of(task, outcome) for outcome in task.outcomes]
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    body: Any = Annotated[union, Discriminator(OUTCOME)] if len(models) > 1 else union
    schema = TypeAdapter(body).json_schema()
    inlined = _inlined(schema, schema.pop("$defs", {}))
    return {"title": task.title, **inlined} if isinstance(inlined, dict) else {}


def _inlined(node: object, definitions: Mapping[str, Any]) -> object:
    """A schema with every definition put where it is referred to, so that it can stand inside another document."""
    if isinstance(node, list):
        return [_inlined(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        return _inlined(definitions[reference.rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items() if key != "discriminator"}


def check(task: Task, outcome: Outcome, given: Given, now: datetime) -> Parsed:
    """Check all answers to ``outcome``. ``now``: the instant of receipt, aware; no question may look past it."""
    values = {key: value for key, value in given.values.items() if value is not None}
    try:
        model = _adapter(task, outcome.key).validate_python(values | {OUTCOME: outcome.key}, context={NOW: now})
    except ValidationError as error:
        faults = [(".".join(str(part) for part in e["loc"]), e) for e in error.errors()]
        errors = {path: _words(outcome, path, fault) for path, fault in reversed(faults)}
        return Parsed(errors=_in_order(outcome, {**errors, **given.faults}))
    if given.faults:
        return Parsed(errors=_in_order(outcome, given.faults))
    return _sorted_out(outcome, model.model_dump(exclude_none=True))


def _words(outcome: Outcome, path: str, fault: Mapping[str, Any]) -> Phrase:
    key = path.partition(".")[0]
    question = next((question for question in outcome.fields if question.key == key), None)
    return words_for(question, fault) if question else Phrase(UNKNOWN_FIELD)


def _in_order(outcome: Outcome, errors: Mapping[str, Phrase]) -> dict[str, Phrase]:
    """The errors in the order of the questions on the page."""
    order = [question.key for question in outcome.fields]

    def place(path: str) -> tuple[int, str]:
        key = path.partition(".")[0]
        return (order.index(key) if key in order else len(order), path)

    return {path: errors[path] for path in sorted(errors, key=place)}


def _sorted_out(outcome: Outcome, values: dict[str, Any]) -> Parsed:
    """Coded answers apart from words; a blank answer is none."""
    codes: Codes = {}
    content: dict[str, str] = {}
    errors: dict[str, Phrase] = {}
    for question in outcome.fields:
        value = values.get(question.key)
        if value in (None, "", []):
            if question.required:
                errors[question.key] = demand(question)
        elif question.reaches_engine:
            codes[question.key] = value
        else:
            content[question.key] = str(value)
    return Parsed(errors=errors) if errors else Parsed(codes, content)


async def resolve_cases(outcome: Outcome, parsed: Parsed, find_case: FindCase) -> Parsed:
    """Case numbers replaced by the ids the engine knows cases by; a number that may not be named is an error."""
    codes, errors = dict(parsed.codes), dict(parsed.errors)
    for question in outcome.fields:
        number = codes.get(question.key)
        if question.kind is not FieldKind.CASE or number is None:
            continue
        case_id = await find_case(str(number))
        if case_id is None:
            errors[question.key] = Phrase(NO_SUCH_CASE)
        else:
            codes[question.key] = str(case_id)
    return Parsed(errors=errors) if errors else replace(parsed, codes=codes)


def wrong(question: Field, words: str) -> dict[str, Phrase]:
    """A fault of reading, as ``Given.faults`` takes it."""
    return {question.key: Wrong(words).phrase}
