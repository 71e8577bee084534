"""Territory (行政区划) of Jilin: province > city > county > township > village, and where each code belongs.

A code's ancestors are its prefixes (2, 4, 6, 9, 12 digits), so containment never needs a look-up. The functions above
the gazetteer read no file: workflows may use them. Source and licence of the data: ``docs/data-sources.md``.
"""

import csv
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.process import Level

LENGTHS: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
_LEVELS = {length: level for level, length in LENGTHS.items()}

CITY_RANK_COUNTIES = frozenset({"220581"})
"""County codes whose body the notice addresses like a city: 梅河口市. The tree above them stays as the code says."""


class TerritoryKind(StrEnum):
    """What a territory is in law; only ``STATUTORY`` ones are administrative divisions (行政区划)."""

    STATUTORY = "statutory"
    DEVELOPMENT_ZONE = "development_zone"  # 开发区, 新区, 高新区 and the statistics units that stand for one
    ADMINISTRATION = "administration"  # 管委会, an outpost of the provincial government
    SIMILAR_UNIT = "similar_unit"  # 类似乡级、村级单位: state farms, forestry bureaux
    COMMITTEE = "committee"  # 村（居）民委员会


@dataclass(frozen=True, slots=True)
class Territory:
    """One row of the gazetteer. ``valid_from``/``valid_to`` are inclusive days, None = not known to begin or end.

    ``acts_as``: the level whose work its body does, where that is not its own. ``source_code``: the code in the
    statistics bureau's list when this list had to give another one.
    """

    code: str
    name: str
    level: Level
    kind: TerritoryKind
    acts_as: Level | None
    valid_from: date | None
    valid_to: date | None
    source_code: str | None = None

    @property
    def rank(self) -> Level:
        """The level whose work its body does."""
        return self.acts_as or self.level

    def is_valid(self, on: date | None) -> bool:
        """Whether it exists on that day; without a day, whether it has no known end."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def level_of(code: str) -> Level:
    """The level a code of this length names; raises ValueError for any other text."""
    level = _LEVELS.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise ValueError("a territory code has 2, 4, 6, 9 or 12 digits")
    return level


def parent_of(code: str) -> str | None:
    """The code one level up, None above the province. Raises ValueError for a text that is no code."""
    shorter = [length for length in LENGTHS.values() if length < LENGTHS[level_of(code)]]
    return code[: shorter[-1]] if shorter else None


def cut(code: str, level: Level) -> str | None:
    """The code of the body that works for ``code`` at ``level``, None when ``code`` itself lies above that level.

    At city level a county of city rank is its own city: ``cut("220581100", CITY) == "220581"``.
    """
    own = level_of(code)
    if level is Level.CITY and code[: LENGTHS[Level.COUNTY]] in CITY_RANK_COUNTIES:
        return code[: LENGTHS[Level.COUNTY]]
    return code[: LENGTHS[level]] if LENGTHS[level] <= LENGTHS[own] else None


def contains(ancestor: str, code: str) -> bool:
    """Whether ``code`` is ``ancestor`` or lies in it. Raises ValueError when either is no code."""
    level_of(ancestor), level_of(code)
    return code.startswith(ancestor)


class Gazetteer:
    """All territories, read once. A code may have several rows when its name or standing changed over time."""

    def __init__(self, rows: tuple[Territory, ...]) -> None:
        self._rows: dict[str, list[Territory]] = {}
        self._children: dict[str, list[Territory]] = {}
        for row in rows:
            self._rows.setdefault(row.code, []).append(row)
            parent = parent_of(row.code)
            if parent is not None:
                self._children.setdefault(parent, []).append(row)
        for versions in self._rows.values():
            versions.sort(key=lambda row: row.valid_from or date.min)

    @staticmethod
    @cache
    def load() -> "Gazetteer":
        """The gazetteer of the committed data, read once in the life of the process."""
        return Gazetteer(_read())

    def __len__(self) -> int:
        return sum(len(versions) for versions in self._rows.values())

    def get(self, code: str) -> Territory:
        """The newest row of ``code``, whether or not it still exists; raises KeyError when never known."""
        return self._rows[code][-1]

    def find(self, code: str, on: date) -> Territory | None:
        """The row of ``code`` in force on that day, or None."""
        return next((row for row in self._rows.get(code, ()) if row.is_valid(on)), None)

    def exists(self, code: str, on: date | None = None) -> bool:
        """Whether ``code`` exists on that day (without a day: still exists). Never raises, whatever the text."""
        return any(row.is_valid(on) for row in self._rows.get(code, ()))

    def children(self, code: str, on: date | None = None) -> tuple[Territory, ...]:
        """The territories one level below, in the order of their codes; empty for an unknown code."""
        return tuple(row for row in self._children.get(code, ()) if row.is_valid(on))

    def path(self, code: str) -> list[Territory]:
        """From the province down to ``code`` itself; raises KeyError when it was never known."""
        here = self.get(code)
        above = parent_of(code)
        return [*(self.path(above) if above else ()), here]

    def full_name(self, code: str) -> str:
        """The name with all its ancestors, 吉林省长春市南关区; raises KeyError when it was never known."""
        return "".join(row.name for row in self.path(code))

    def city_bodies(self, on: date | None = None) -> tuple[Territory, ...]:
        """The bodies that do a city's work: cities, 延边州, 长白山管委会 and 梅河口市."""
        rows = (row for versions in self._rows.values() for row in versions)
        return tuple(row for row in rows if row.rank is Level.CITY and row.is_valid(on))


def _read() -> tuple[Territory, ...]:
    text = (files("domain") / "data" / "territory-jilin.csv").read_text(encoding="utf-8")
    return tuple(
        Territory(
            code=row["code"],
            name=row["name"],
            level=Level(row["level"]),
            kind=TerritoryKind(row["kind"]),
            acts_as=Level(row["acts_as"]) if row["acts_as"] else None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source_code=row["source_code"] or None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
