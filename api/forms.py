"""Forms of pages: one parser for what a browser posts, one state for what a page shows again.

Values are kept exactly as typed, so a refused form comes back unchanged with its errors beside the fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from api.problems import FieldError, Problem
from domain.words import N_

MAX_FIELDS = 300
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

UNREADABLE = N_("提交的内容无法读懂，请返回上一页重新填写。")
TOO_MANY = N_("提交的项目太多，请返回上一页重新填写。")
FORBIDDEN_CHARACTER = N_("含有无法保存的字符，请删去后再提交")
NO_FILES = N_("这里不能上传文件。")

Values = dict[str, str | list[str]]


@dataclass(slots=True)
class FormState:
    """What was typed and what is wrong with it.

    ``values``: a field's text, or the list of a field given several times. ``errors``: field name to the words shown
    beside it, already in the reader's language; their order is the order of the error summary.
    """

    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The text typed into ``name``, the first one when several, "" when none."""
        given = self.values.get(name, "")
        return given if isinstance(given, str) else (given[0] if given else "")

    def chosen(self, name: str) -> list[str]:
        """All values given for ``name``."""
        given = self.values.get(name, [])
        return ([given] if given else []) if isinstance(given, str) else given

    def error(self, name: str) -> str:
        """What is wrong with ``name``, or ""."""
        return self.errors.get(name, "")

    def refuse(self, name: str, words: str) -> None:
        """Note an error for ``name``; the first one stays."""
        self.errors.setdefault(name, words)

    @property
    def ok(self) -> bool:
        """Nothing was refused."""
        return not self.errors


async def read_form(request: Request) -> FormState:
    """What the browser posted, as typed.

    Raises Problem: 415 for another content type, 400 for a body that cannot be read or has too many fields, 422 naming
    the field for NUL. Files are refused here.
    """
    pairs = await _pairs(request)
    bad = [name for name, value in pairs if "\x00" in name or "\x00" in value]
    if bad:
        errors = tuple(FieldError(name.replace("\x00", "?"), FORBIDDEN_CHARACTER) for name in dict.fromkeys(bad))
        raise Problem(422, "forbidden_character", FORBIDDEN_CHARACTER, errors=errors)
    return FormState(values=_gather(pairs))


async def _pairs(request: Request) -> list[tuple[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM_TYPES[0]:
        return urlencoded_pairs(await request.body())
    if kind == FORM_TYPES[1]:
        return await _multipart_pairs(request)
    raise Problem(415, "content_type")


def urlencoded_pairs(body: bytes) -> list[tuple[str, str]]:
    """Names and values of an urlencoded body, strictly UTF-8; raises Problem 400."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "unreadable_form", UNREADABLE) from None
    except ValueError:
        raise Problem(400, "too_many_fields", TOO_MANY) from None


async def _multipart_pairs(request: Request) -> list[tuple[str, str]]:
    try:
        # Without files every part is text; the library would read broken UTF-8 as Latin-1 without a word.
        (await request.body()).decode()
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    except (HTTPException, MultiPartException, UnicodeDecodeError):
        raise Problem(400, "unreadable_form", UNREADABLE) from None
    pairs: list[tuple[str, str]] = []
    for name, value in form.multi_items():
        if not isinstance(value, str):
            raise Problem(422, "no_files", NO_FILES)
        pairs.append((name, value))
    return pairs


def _gather(pairs: Iterable[tuple[str, str]]) -> Values:
    values: Values = {}
    for name, value in pairs:
        if name not in values:
            values[name] = value
            continue
        earlier = values[name]
        values[name] = [earlier, value] if isinstance(earlier, str) else [*earlier, value]
    return values
