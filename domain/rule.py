"""What a time limit is: one dated row with its legal basis, reminder rungs and breach ladder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from domain.durations import parse_duration

OPENED = "opened"
"""The start event of a rule whose clock starts when its item opens. The others are ``task.done``, ``task.field`` (a day
or an instant given in a form), or ``case.ended``."""

HOLDER = "holder"
"""The ladder address of whoever holds the item."""

LEGAL_MARKS = frozenset({"V", "V*", "S"})
"""Marks of a basis that may carry a statutory row: the article was read, in full or in a secondary text."""

MARKS = LEGAL_MARKS | {"L", "M", "N", "D"}
"""All marks: L rule of another place, M from memory, N the instrument gives no number, D our own target."""


class Kind(StrEnum):
    """Whether the end is the latest or the earliest day."""

    LIMIT = "limit"  # 内
    WAIT = "wait"  # 满


class Unit(StrEnum):
    """How a period is counted. The unit belongs to the rule, never to the system."""

    ELAPSED = "elapsed"  # hours and minutes, day and night, never rolled
    NATURAL_DAYS = "natural_days"  # 日
    WORKING_DAYS = "working_days"  # 工作日
    MONTHS = "months"  # 月; a year is twelve
    NONE = "none"  # 立即, 及时: the law gives no number, no clock is armed


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands: the instrument and article in Chinese, and how sure the reading is (``MARKS``)."""

    instrument: str
    article: str
    mark: str


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step after a breach: ``after`` (ISO 8601) past the due instant, tell ``to``: ``holder`` or a role.

    ``level``: the territory level of that role, empty where the role says it.
    """

    after: str
    to: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours (Asia/Shanghai) in which reminders wait, except those of a case of an exempt colour."""

    starts: time
    ends: time
    exempt_colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopReason:
    """A ground on which the law stops a clock, with the article that says so."""

    title: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Rule:
    """One time limit in one version.

    ``length``: ISO 8601 for ``elapsed``, a decimal count for days and months, empty for ``none``. Natural days of
    length 0 end with the start day itself: a day somebody has chosen.
    ``from_next_hour``: hours of a court or the police, where the hour of the start is not counted and time runs from
    the next full one (民事诉讼法 85, 公安机关办理行政案件程序规定 35).
    ``word``: the law's word where it gives no number (立即, 及时, 应当).
    ``when``: fact -> values that let the rule apply; an empty string among them stands for a fact not known.
    ``stops``: codes of the grounds on which the law stops the clock.
    ``extension``, ``extensions``: the length of one extension in the rule's unit, and how many there may be.
    ``judged``: outcomes of the task that the limit is about; ended otherwise, the clock is taken back. Empty: all.
    ``effective_from``, ``effective_to``: first and last day of the version, tested against the start event's date.
    """

    key: str
    process: str
    task: str
    title: str
    kind: Kind
    unit: Unit
    length: str
    word: str
    start: str
    when: Mapping[str, tuple[str, ...]] = field(hash=False)
    rolls: bool
    stops: tuple[str, ...]
    extension: str
    extensions: int
    statutory: bool
    basis: tuple[Basis, ...]
    effective_from: date
    effective_to: date | None
    reminders: tuple[str, ...]
    ladder: tuple[LadderStep, ...]
    from_next_hour: bool = False
    judged: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The version a clock is bound to."""
        return f"{self.key}@{self.effective_from}"

    @property
    def armed(self) -> bool:
        """Whether a clock runs for this rule."""
        return self.unit is not Unit.NONE

    @property
    def chosen_day(self) -> bool:
        """Whether the start event itself names the last day."""
        return self.unit is Unit.NATURAL_DAYS and self.count == 0

    @property
    def count(self) -> int:
        """The length of a rule counted in days or months."""
        return int(self.length)

    @property
    def elapsed(self) -> timedelta:
        """The length of a rule counted in elapsed time."""
        return parse_duration(self.length)

    def in_force(self, on: date) -> bool:
        """Whether this version is the law (or the target) on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def applies(self, facts: Mapping[str, str]) -> bool:
        """Whether every condition of ``when`` holds."""
        return all(facts.get(fact, "") in allowed for fact, allowed in self.when.items())
