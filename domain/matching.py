"""Which earlier reports may be about the same child: tokens of a name and how strong a shared one is.

Tokens are plain text here; the store keeps keyed digests of them only. A match is a suggestion to an officer, never a
merge: whether two reports are about one child is decided by a person.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pypinyin import lazy_pinyin


class TokenKind(StrEnum):
    """What a token keeps of a name, from all of it to very little."""

    NAME = "name"  # the characters
    PINYIN = "pinyin"  # how it is spelt, without tones
    SOUND = "sound"  # how it is heard: sounds that are mixed up in speech fall together
    SURNAME_YEAR = "surname_year"  # surname as heard + year of birth
    INITIALS_YEAR = "initials_year"  # first letters + year of birth + place


ChildTokens = dict[TokenKind, str]


class Strength(StrEnum):
    """How a suggestion is shown: as likely the same child, or as worth a look."""

    STRONG = "strong"
    POSSIBLE = "possible"


_MASK = re.compile(r"[某*×○〇●□■?_…\d]|(?<=[\u3400-\u9fff])x+$|^x+$")
_NO_NAME = frozenset({"不详", "不清楚", "不知道", "不明", "未知", "未取名", "无名", "无名氏", "佚名", "匿名", "保密"})
_INFANT = re.compile(r"(?:被?(?:弃婴|遗弃)|[男女](?:婴|童|孩|生)|婴儿|儿童|孩子|小孩)儿?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_NOT_LETTERS = re.compile(r"[\W_]")

COMPOUND_SURNAMES = frozenset(
    {
        "欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容",
        "令狐", "宇文", "长孙", "端木", "独孤", "南宫", "轩辕", "呼延", "完颜", "叶赫", "爱新",
    }
)  # fmt: skip
SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "朴": ("piao",),
    "曾": ("zeng",),
    "仇": ("qiu",),
    "解": ("xie",),
    "查": ("zha",),
    "区": ("ou",),
    "任": ("ren",),
    "乐": ("yue",),
    "盖": ("ge",),
    "种": ("chong",),
    "折": ("she",),
    "缪": ("miao",),
    "员": ("yun",),
    "繁": ("po",),
    "秘": ("bi",),
    "尉迟": ("yu", "chi"),
    "长孙": ("zhang", "sun"),
}
"""Surnames read otherwise than the common word."""

_HEARD_ALIKE = (
    (re.compile("^zh"), "z"),
    (re.compile("^ch"), "c"),
    (re.compile("^sh"), "s"),
    (re.compile("^n"), "l"),
    (re.compile("(?<=[iea])ng$"), "n"),
    (re.compile("[vü]"), "u"),
)


def canonical_name(text: str | None) -> str | None:
    """The name in one form (NFKC, no blanks, dots or case); None when it is missing, masked or no name at all.

    A single character is not enough to find anybody by.
    """
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    if _MASK.search(re.sub(r"\s", "", plain)):
        return None
    name = _NOT_LETTERS.sub("", plain)
    if len(name) < 2 or name in _NO_NAME or _INFANT.fullmatch(name):
        return None
    return name


def tokens(name: str | None, birth_year: int | None = None, place: str | None = None) -> ChildTokens:
    """The tokens of a child's name; empty when the name is missing, masked or only says that nobody knows it.

    ``place``: a territory code (county or coarser, so that reports from one county meet). Sex is left out on purpose: a
    wrong tick must not hide an earlier report.
    """
    canonical = canonical_name(name)
    if canonical is None:
        return {}
    surname = surname_of(canonical)
    syllables = _syllables(canonical, surname)
    found = {TokenKind.NAME: canonical, TokenKind.PINYIN: "".join(syllables).replace("ü", "v")}
    if not _HAN.search(canonical):
        return found  # a name in Latin letters has no syllables to hear
    heard = [sound_of(syllable) for syllable in syllables]
    found[TokenKind.SOUND] = " ".join(heard)
    if birth_year is not None:
        found[TokenKind.SURNAME_YEAR] = f"{' '.join(heard[: len(surname)])}|{birth_year}"
        if place is not None:
            found[TokenKind.INITIALS_YEAR] = f"{''.join(sound[0] for sound in heard)}|{birth_year}|{place}"
    return found


def surname_of(name: str) -> str:
    """The surname of a canonical name: its first character, or two for a compound surname."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]


@lru_cache(maxsize=1024)
def sound_of(syllable: str) -> str:
    """A pinyin syllable with n/l, zh/z, ch/c, sh/s and ing/in, eng/en, ang/an fallen together."""
    for pattern, replacement in _HEARD_ALIKE:
        syllable = pattern.sub(replacement, syllable)
    return syllable


def _syllables(name: str, surname: str) -> list[str]:
    given = lazy_pinyin(name[len(surname) :], v_to_u=False)
    return [*SURNAME_READINGS.get(surname, lazy_pinyin(surname)), *given]


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the table: these kinds shared, with such answers on year of birth and place, make this strength.

    Answers: True the same, False different, None not known on one side.
    """

    kinds: frozenset[TokenKind]
    births: frozenset[bool | None]
    places: frozenset[bool | None]
    strength: Strength


_ANY: frozenset[bool | None] = frozenset({True, False, None})
_SAME: frozenset[bool | None] = frozenset({True})
_NOT_KNOWN: frozenset[bool | None] = frozenset({None})
_NOT_OTHER: frozenset[bool | None] = frozenset({True, None})
_OTHER: frozenset[bool | None] = frozenset({False})


def _shared(*kinds: TokenKind) -> frozenset[TokenKind]:
    return frozenset(kinds)


LINKS: tuple[Link, ...] = (
    Link(_shared(TokenKind.NAME), _SAME, _ANY, Strength.STRONG),
    Link(_shared(TokenKind.NAME), _NOT_KNOWN, _SAME, Strength.STRONG),
    Link(_shared(TokenKind.NAME), _NOT_KNOWN, _ANY, Strength.POSSIBLE),
    Link(_shared(TokenKind.NAME), _OTHER, _SAME, Strength.POSSIBLE),  # a year is easily mistaken
    Link(_shared(TokenKind.PINYIN), _SAME, _SAME, Strength.STRONG),
    Link(_shared(TokenKind.PINYIN), _SAME, _ANY, Strength.POSSIBLE),
    Link(_shared(TokenKind.PINYIN), _NOT_KNOWN, _SAME, Strength.POSSIBLE),
    Link(_shared(TokenKind.SOUND), _SAME, _NOT_OTHER, Strength.POSSIBLE),
    Link(_shared(TokenKind.SOUND), _NOT_KNOWN, _SAME, Strength.POSSIBLE),
    Link(_shared(TokenKind.SURNAME_YEAR, TokenKind.INITIALS_YEAR), _SAME, _SAME, Strength.POSSIBLE),
)
"""First row that fits decides, so a stronger one stands above a weaker."""


def strength(shared: frozenset[TokenKind], birth_equal: bool | None, place_equal: bool | None) -> Strength | None:
    """How strongly two reports that share these tokens point at one child; None = do not suggest.

    ``birth_equal``/``place_equal``: year of birth and county the same (True), different (False), or not known on one
    side (None).
    """
    for link in LINKS:
        if link.kinds <= shared and birth_equal in link.births and place_equal in link.places:
            return link.strength
    return None
