"""Breaking words into the short lines that fit a box of the process picture."""

import re
import unicodedata
from collections.abc import Iterator

_CLOSING = "、，。：；？！）》」』”’,.;:?!)"
_OPENING = "（《「『“‘("
_WHOLE = re.compile(
    "未保中心|人身安全|保护令|监护人|负责人|报告人|当事人|收养人|督办员|督办单|家庭教育|窗口期|"
    "线索|资格|训诫|告诫|复查|到期|报告|登记|申请|处置|评估|审批|公示|公告|评分|通知书|县级|市级|省级|乡镇"
)
"""Words of the field that read badly when a line breaks inside them; longer ones first."""


def wrap(text: str, units: int, lines: int = 3, balanced: bool = True) -> list[str]:
    """``text`` in at most ``lines`` lines of ``units`` half-widths (a Chinese character takes two).

    Latin words stay whole where they fit; no line begins with a closing mark. ``balanced``: lines of like length
    rather than full ones. What does not fit is cut with "…".
    """
    parts = list(_parts(text, units))
    full = _greedy(parts, units)
    if balanced:
        full = next(tried for width in range(1, units + 1) if len(tried := _greedy(parts, width)) == len(full))
    if len(full) <= lines:
        return full
    last = full[lines - 1]
    while last and _width(last) + 2 > units:
        last = last[:-1]
    return [*full[: lines - 1], last.rstrip() + "…"]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "FWA" else 1 for character in text)


def _parts(text: str, units: int) -> Iterator[str]:
    """Pieces that are not broken: a word of the field or a Chinese character with its marks, a Latin word with the
    blank before it."""
    part = ""
    for piece in _pieces(text):
        glued = piece in _CLOSING or (part and part[-1] in _OPENING)
        in_word = part and _width(part[-1]) == _width(piece) == 1 and not piece.isspace()
        if part and (not (glued or in_word) or _width(part + piece) > units):
            yield part
            part = ""
        part += piece
    if part:
        yield part


def _pieces(text: str) -> Iterator[str]:
    """Words of the field, and every other character by itself."""
    at = 0
    for found in _WHOLE.finditer(text):
        yield from text[at : found.start()]
        yield found.group()
        at = found.end()
    yield from text[at:]


def _greedy(parts: list[str], width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and _width(lines[-1] + part) <= width:
            lines[-1] += part
        else:
            lines.append(part.lstrip())
    return [line for line in lines if line]
