"""What an answer of each kind of field must be: one pydantic type a kind, and the words for an answer that is not it.

Pages and the JSON API share these types, so that both refuse the same with the same words.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt, ValidationInfo, create_model
from pydantic.json_schema import WithJsonSchema

from domain import process
from domain.checks import Invalid, check_id_number, check_phone, clean_text
from domain.phrase import Phrase
from domain.process import FieldKind, Level
from domain.protection_forms import PROVIDERS, SERVICE_KINDS
from domain.territory import Gazetteer, level_of
from domain.words import N_
from domain.zone import CHINA

NOW = "now"
"""The key of the validation context under which the instant of receipt stands (aware)."""

CLOCK_SKEW = timedelta(minutes=5)
DAYS_BACK = timedelta(days=365 * 30)
DAYS_AHEAD = timedelta(days=365 * 20)
LONGEST = {FieldKind.NAME: 100, FieldKind.PHONE: 40, FieldKind.ID_NUMBER: 40, FieldKind.CASE: 40}
TYPED = frozenset({FieldKind.TEXT, FieldKind.NAME, FieldKind.PHONE, FieldKind.ID_NUMBER, FieldKind.CASE})

FILL_IN = N_("请填写%(title)s")
CHOOSE = N_("请选择%(title)s")
NOT_AN_OPTION = N_("%(title)s不在可选的值之内")
NOT_A_DAY = N_("日期应为“年-月-日”，例如 2026-03-02")
DAY_FAR_OFF = N_("日期离今天太远，请核对年份")
NOT_AN_INSTANT = N_("请写明日期和时间，例如 2026-03-02T09:30:00+08:00")
NO_TIME = N_("请把日期和时间都填上")
IN_THE_FUTURE = N_("时间不能晚于现在")
NO_SUCH_PLACE = N_("没有这个乡镇（街道）")
PLACE_TOO_WIDE = N_("请选到乡镇（街道）")
NOT_A_NUMBER = N_("请填写整数")
TOO_FEW = N_("%(title)s不能少于 %(count)s")
TOO_MANY = N_("%(title)s不能多于 %(count)s")
TOO_LONG = N_("%(title)s最多 %(count)s 个字")
GIVEN_TWICE = N_("%(title)s有重复")
UNKNOWN_FIELD = N_("没有这个字段")
UNREADABLE = N_("格式不正确")


class Wrong(ValueError):
    """An answer that cannot be taken, with the words for whoever gave it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.phrase = Phrase(words)


def plain(text: str) -> str:
    """A short typed code (number, day) with full-width forms and blanks at its ends forgiven."""
    return unicodedata.normalize("NFKC", text).strip()


def today(info: ValidationInfo) -> date:
    """The day in China on which the answer was received."""
    return _now(info).astimezone(CHINA).date()


def _now(info: ValidationInfo) -> datetime:
    now: datetime = info.context[NOW]  # type: ignore[index]  # always validated with a context
    return now


def _day(text: str, info: ValidationInfo) -> str:
    try:
        day = date.fromisoformat(plain(text))
    except ValueError:
        raise Wrong(NOT_A_DAY) from None
    if not today(info) - DAYS_BACK <= day <= today(info) + DAYS_AHEAD:
        raise Wrong(DAY_FAR_OFF)
    return day.isoformat()


def _instant(text: str, info: ValidationInfo) -> str:
    try:
        instant = datetime.fromisoformat(plain(text))
    except ValueError:
        raise Wrong(NOT_AN_INSTANT) from None
    if instant.tzinfo is None:
        raise Wrong(NOT_AN_INSTANT)
    now = _now(info)
    try:
        if instant > now + CLOCK_SKEW:
            raise Wrong(IN_THE_FUTURE)
        if instant < now - DAYS_BACK:
            raise Wrong(DAY_FAR_OFF)
        return instant.astimezone(CHINA).isoformat()
    except OverflowError:
        raise Wrong(DAY_FAR_OFF) from None


def _territory(text: str, info: ValidationInfo) -> str:
    code = plain(text)
    if not Gazetteer.load().exists(code, today(info)):
        raise Wrong(NO_SUCH_PLACE)
    if level_of(code) not in (Level.TOWNSHIP, Level.VILLAGE):
        raise Wrong(PLACE_TOO_WIDE)
    return code


def _words(most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        return clean_text(text, most)

    return check


def _phone(text: str) -> str:
    return check_phone(text) if text.strip() else ""


def _id_number(text: str) -> str:
    return check_id_number(text).number if text.strip() else ""


def _case_number(text: str) -> str:
    return clean_text(plain(text), LONGEST[FieldKind.CASE])


def _no_twins(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise Wrong(GIVEN_TWICE)
    return values


def _not_an_option(_: str) -> str:
    raise Wrong(NOT_AN_OPTION)


def _literal(options: tuple[process.Option, ...]) -> Any:  # noqa: ANN401 - a type made at run time
    if not options:
        return Annotated[str, AfterValidator(_not_an_option)]
    return Literal[tuple(option.key for option in options)]


Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


ServiceRow: Any = create_model(
    "ServiceRow",
    __config__=ConfigDict(extra="forbid", strict=True),
    __doc__="One line of a help plan 服务事项: what is given, by whom, until which day.",
    service=(_literal(SERVICE_KINDS), ...),
    provider=(_literal(PROVIDERS), ...),
    due=(Day, ...),
)


def _short(check: Callable[[str], str], kind: FieldKind) -> Any:  # noqa: ANN401
    return Annotated[str, Field(max_length=LONGEST[kind]), AfterValidator(check)]


def type_of(field: process.Field) -> Any:  # noqa: ANN401 - what create_model takes
    """The type of an answer to ``field``, without whether it must be given."""
    return _TYPES[field.kind](field)


_TYPES: dict[FieldKind, Callable[[process.Field], Any]] = {
    FieldKind.TEXT: lambda f: Annotated[str, Field(max_length=f.most), AfterValidator(_words(f.most))],
    FieldKind.NAME: lambda f: _short(_words(LONGEST[f.kind]), f.kind),
    FieldKind.PHONE: lambda f: _short(_phone, f.kind),
    FieldKind.ID_NUMBER: lambda f: _short(_id_number, f.kind),
    FieldKind.CASE: lambda f: _short(_case_number, f.kind),
    FieldKind.CODE: lambda f: _literal(f.options),
    FieldKind.CODES: lambda f: Annotated[
        list[_literal(f.options)],  # type: ignore[misc]  # made at run time
        Field(min_length=f.least, max_length=len(f.options), json_schema_extra={"uniqueItems": True}),
        AfterValidator(_no_twins),
    ],
    FieldKind.FLAG: lambda _: StrictBool,
    FieldKind.COUNT: lambda f: Annotated[StrictInt, Field(ge=f.least, le=f.most)],
    FieldKind.DAY: lambda _: Day,
    FieldKind.INSTANT: lambda _: Annotated[
        str, AfterValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
    ],
    FieldKind.TERRITORY: lambda _: Annotated[str, Field(pattern=r"^([0-9]{9}|[0-9]{12})$"), AfterValidator(_territory)],
    FieldKind.VILLAGE: lambda _: Annotated[str, Field(pattern=r"^[0-9]{12}$"), AfterValidator(_territory)],
    FieldKind.SERVICES: lambda f: Annotated[list[ServiceRow], Field(min_length=f.least, max_length=f.most)],
}

_CHOSEN = frozenset({FieldKind.CODE, FieldKind.CODES, FieldKind.FLAG, FieldKind.TERRITORY, FieldKind.VILLAGE})
_ROW_TITLES = {"service": N_("服务内容"), "provider": N_("提供方"), "due": N_("完成日期")}


def demand(field: process.Field) -> Phrase:
    """The words for an answer that is missing."""
    return Phrase(CHOOSE if field.kind in _CHOSEN else FILL_IN, {"title": Phrase(field.title)})


def words_for(field: process.Field, error: Mapping[str, Any]) -> Phrase:
    """The words for one of pydantic's errors at ``field`` or inside it."""
    context: Mapping[str, Any] = error.get("ctx", {})
    reason = context.get("error")
    if isinstance(reason, Wrong):
        return Phrase(reason.phrase.msgid, {"title": Phrase(field.title)} if "%(title)" in reason.phrase.msgid else {})
    if isinstance(reason, Invalid):
        return Phrase(reason.message)
    inner = str(error["loc"][-1])
    title = Phrase(_ROW_TITLES[inner] if len(error["loc"]) > 1 and inner in _ROW_TITLES else field.title)
    if error["type"] == "missing" and title.msgid != field.title:
        return Phrase(FILL_IN if inner == "due" else CHOOSE, {"title": title})
    if error["type"] in {"missing", "too_short"} and not context.get("actual_length"):
        return demand(field)
    words, limit = _ERROR_WORDS.get(error["type"], (UNREADABLE, ""))
    if field.kind is FieldKind.TERRITORY and error["type"] == "string_pattern_mismatch":
        words = PLACE_TOO_WIDE
    return Phrase(words, {"title": title, "count": str(context.get(limit, ""))} if "%(" in words else {})


_ERROR_WORDS = {
    "literal_error": (NOT_AN_OPTION, ""),
    "too_short": (TOO_FEW, "min_length"),
    "too_long": (TOO_MANY, "max_length"),
    "greater_than_equal": (TOO_FEW, "ge"),
    "less_than_equal": (TOO_MANY, "le"),
    "string_too_long": (TOO_LONG, "max_length"),
    "int_type": (NOT_A_NUMBER, ""),
    "int_parsing": (NOT_A_NUMBER, ""),
    "bool_type": (NOT_AN_OPTION, ""),
    "extra_forbidden": (UNKNOWN_FIELD, ""),
}
