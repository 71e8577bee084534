"""The receipt 回执 of a stored report: number and code, what happens next, the times that run from now.

A reporter is told neutral things only: which step, by when, on what basis; never the colour or what others said.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

from api.i18n import Language
from api.reports import Filed, Sender, new_report
from domain import protection_keys as p
from domain.calendar import WorkCalendar
from domain.periods import due
from domain.protection import PROTECTION
from domain.rules import Rule, RuleBook
from domain.triage import Colour
from domain.words import N_
from domain.zone import CHINA
from store.errors import DiscoveredTooLate
from store.front_door import FrontDoor, NewReport, Receipt

STARTS = "report.done"
"""Only times that run from the receipt of the report are told."""

NEXT_STEPS = (
    N_("县级民政部门或未成年人保护中心受理，需要时同时通报公安机关。"),
    N_("工作人员会到现场查看孩子是否安全，有危险的立即采取保护措施。"),
    N_("可能会打电话向您核实情况，请保持电话畅通。"),
    N_("办理结果会告知您，也可以凭回执号和查询码自己查询。"),
)
_POLICE_TASK = (p.NOTIFY_POLICE,)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A time that runs for a step. ``due_at`` None: the law says ``word`` (立即, 及时) and gives no number.

    ``last_day``: of a time counted in days, which is over with that day.
    """

    task: str
    title: str
    due_at: datetime | None
    statutory: bool
    word: str
    basis: str
    last_day: date | None = None
    provisional: bool = False

    def document(self, language: Language) -> dict[str, object]:
        """As the API says it."""
        return {
            "task": self.task,
            "title": language.gettext(self.title),
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "kind": "statutory" if self.statutory else "target",
            "word": self.word,
            "basis": self.basis,
            "provisional": self.provisional,
        }


@dataclass(frozen=True, slots=True)
class ShownReceipt:
    """A receipt with everything that is shown beside it."""

    receipt: Receipt
    clocks: tuple[RunningClock, ...]

    def document(self, language: Language) -> dict[str, object]:
        """As the API says it."""
        return {
            "receipt": self.receipt.number,
            "code": self.receipt.code,
            "received_at": self.receipt.received_at.isoformat(),
            "repeated": self.receipt.again,
            "next_steps": [language.gettext(step) for step in NEXT_STEPS],
            "clocks": [clock.document(language) for clock in self.clocks],
        }

    @property
    def steps(self) -> list[tuple[str, list[RunningClock]]]:
        """The clocks by step, for the page."""
        titles = dict.fromkeys(clock.title for clock in self.clocks)
        return [(title, [clock for clock in self.clocks if clock.title == title]) for title in titles]


class ReceiptClocks:
    """Which times run for a report that has just been received."""

    def __init__(self, book: RuleBook, calendar: Callable[[], WorkCalendar]) -> None:
        self._book = book
        self._calendar = calendar
        self._rules = lru_cache(maxsize=64)(self._find)

    def running(self, colour: Colour, received_at: datetime, *, police: bool) -> tuple[RunningClock, ...]:
        """The clocks, computed as the engine will compute them from the same rules and calendar."""
        calendar = self._calendar()
        found = self._rules(colour, police, received_at.astimezone(CHINA).date())
        return tuple(_started(clock, rule, received_at, calendar) for clock, rule in found)

    def _find(self, colour: Colour, police: bool, on: date) -> tuple[tuple[RunningClock, Rule], ...]:
        tasks = (p.ACCEPT, *(_POLICE_TASK if police else ()), p.ACKNOWLEDGE)
        facts = {"colour": colour.value, "police": "yes" if police else "no"}
        rules = (rule for task in tasks for rule in self._book.for_task(PROTECTION.key, task, facts, on))
        return tuple((_clock(rule), rule) for rule in rules if rule.start == STARTS)


def _clock(rule: Rule) -> RunningClock:
    title, basis = PROTECTION.task(rule.task).title, "；".join(_cited(rule))
    return RunningClock(rule.task, title, None, rule.statutory, rule.word, basis)


def _started(clock: RunningClock, rule: Rule, start: datetime, calendar: WorkCalendar) -> RunningClock:
    """The clock with the end that it has from ``start`` on."""
    if not rule.armed:
        return clock
    end = due(rule, start, calendar)
    at = end.at.astimezone(UTC) if end.at else None
    return replace(clock, due_at=at, last_day=end.last_day, provisional=end.provisional)


def _cited(rule: Rule) -> list[str]:
    return [f"《{basis.instrument}》{basis.article}" if rule.statutory else basis.instrument for basis in rule.basis]


async def file_report(door: FrontDoor, clocks: ReceiptClocks, filed: Filed, sender: Sender, key: str) -> ShownReceipt:
    """Store a checked report; what this returns is committed.

    Raises IdempotencyConflict, DatabaseUnavailable, DiscoveredTooLate.
    """
    report = new_report(filed, sender, key)
    receipt = await _accept(door, report, filed)
    decision = filed.decision
    return ShownReceipt(receipt, clocks.running(decision.colour, receipt.received_at, police=decision.police))


async def _accept(door: FrontDoor, report: NewReport, filed: Filed) -> Receipt:
    try:
        return await door.accept_report(report)
    except DiscoveredTooLate:
        if filed.answers["found"] != "now":
            raise
    # Our clock is ahead of the database's: "now" is whenever the database received it.
    return await door.accept_report(replace(report, discovered_at=None))
