"""Coded answers in words, as timelines, records and previews show them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from api.i18n import Language
from domain.acts import Code
from domain.process import Field, FieldKind, Option, Process
from domain.protection_forms import PROVIDERS, SERVICE_KINDS
from domain.territory import Gazetteer
from domain.words import N_

YES, NO = N_("是"), N_("否")
AND = N_("、")
ANOTHER_CASE = N_("另一个案")
SERVICE = N_("%(service)s（%(provider)s，%(due)s前）")

Line = tuple[str, str]


def answer_lines(
    process: Process, task: str, outcome: str, codes: Mapping[str, Code], language: Language
) -> list[Line]:
    """The coded answers of a finished task, in the order of its questions; what is not declared is left out."""
    return [
        (language.gettext(question.title), said(question, codes[question.key], language))
        for question in _questions(process, task, outcome)
        if question.reaches_engine and codes.get(question.key) not in (None, "")
    ]


def word_lines(process: Process, task: str, outcome: str, content: Mapping[str, str], language: Language) -> list[Line]:
    """The words given with an act, each under its question; words of no declared question stand under 说明."""
    questions = {question.key: question for question in _questions(process, task, outcome)}
    return [
        (language.gettext(questions[key].title if key in questions else N_("说明")), text)
        for key, text in content.items()
        if text
    ]


def _questions(process: Process, task: str, outcome: str) -> Iterable[Field]:
    if not process.has(task):
        return ()
    return next((known.fields for known in process.task(task).outcomes if known.key == outcome), ())


def said(question: Field, value: Code, language: Language) -> str:
    """One coded answer in the reader's language; a code that is not declared any more is shown as it is."""
    return _SAY.get(question.kind, _as_is)(question, value, language)


def _as_is(_: Field, value: Code, __: Language) -> str:
    return str(value)


def _option(options: Iterable[Option], key: object, language: Language) -> str:
    return next((language.gettext(option.title) for option in options if option.key == key), str(key))


def _code(question: Field, value: Code, language: Language) -> str:
    return _option(question.options, value, language)


def _codes(question: Field, value: Code, language: Language) -> str:
    keys = value if isinstance(value, list) else [str(value)]
    return language.gettext(AND).join(_option(question.options, key, language) for key in keys)


def _flag(_: Field, value: Code, language: Language) -> str:
    return language.gettext(YES if value else NO)


def _day(_: Field, value: Code, language: Language) -> str:
    return language.day(date.fromisoformat(str(value)))


def _instant(_: Field, value: Code, language: Language) -> str:
    return language.instant(datetime.fromisoformat(str(value)))


def _territory(_: Field, value: Code, __: Language) -> str:
    return place_name(str(value))


def place_name(code: str) -> str:
    """The full name of a territory, the code itself when it was never known."""
    try:
        return Gazetteer.load().full_name(code)
    except (KeyError, ValueError):
        return code


def place_below(code: str, post: str) -> str:
    """The name of a territory as it is said within ``post``: without what lies above; its own name at least."""
    try:
        path = Gazetteer.load().path(code)
    except (KeyError, ValueError):
        return code
    below = [place.name for place in path if len(place.code) > len(post)]
    return "".join(below) or path[-1].name


def _case(_: Field, __: Code, language: Language) -> str:
    return language.gettext(ANOTHER_CASE)


def _services(_: Field, value: Code, language: Language) -> str:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    words = language.gettext(SERVICE)
    return language.gettext(AND).join(
        words
        % {
            "service": _option(SERVICE_KINDS, row.get("service"), language),
            "provider": _option(PROVIDERS, row.get("provider"), language),
            "due": language.day(date.fromisoformat(row["due"])),
        }
        for row in rows
        if row.get("due")
    )


_SAY: dict[FieldKind, Callable[[Field, Code, Language], str]] = {
    FieldKind.CODE: _code,
    FieldKind.CODES: _codes,
    FieldKind.FLAG: _flag,
    FieldKind.DAY: _day,
    FieldKind.INSTANT: _instant,
    FieldKind.TERRITORY: _territory,
    FieldKind.VILLAGE: _territory,
    FieldKind.CASE: _case,
    FieldKind.SERVICES: _services,
}
