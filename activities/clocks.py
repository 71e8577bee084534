"""Computes the clocks of open items: which rules are in force, when each is due, when to remind."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from temporalio import activity

from domain.calendar import WorkCalendar
from domain.periods import schedule
from domain.rules import OPENED, Rule, RuleBook
from domain.state import Clock, ClockStatus, Rung
from domain.zone import CHINA
from workflows.case import ARM_CLOCKS
from workflows.kernel import Armed, Wanted
from workflows.verbs import CALENDAR


class Clockmaker:
    """Turns the rule book and the working-day calendar into clocks.

    ``calendar`` is asked anew each time, so that an imported year counts from the next clock on; ``refresh`` reads it
    again when a case was told of a version this process has not read yet.
    """

    def __init__(
        self, book: RuleBook, calendar: Callable[[], WorkCalendar], refresh: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._book = book
        self._calendar = calendar
        self._refresh = refresh

    @activity.defn(name=ARM_CLOCKS)
    async def arm_clocks(self, wanted: list[Wanted]) -> list[Armed]:
        """All clocks of each wanted item; run as a local activity, it changes nothing."""
        told = {item.facts[CALENDAR] for item in wanted if CALENDAR in item.facts}
        if self._refresh and told - {self._calendar().version}:
            await self._refresh()
        return self.arm(wanted)

    def arm(self, wanted: list[Wanted]) -> list[Armed]:
        """The same without Temporal."""
        return [Armed(item.item, [self._clock(item, *found) for found in self._rules(item)]) for item in wanted]

    def _rules(self, item: Wanted) -> list[tuple[Rule, datetime]]:
        """The armed rules of a task: each in the version in force on the day of its own start event.

        A clock that is live already keeps its version and its start.
        """
        live = {clock.rule.partition("@")[0]: clock for clock in item.live}
        found: dict[str, tuple[Rule, datetime]] = {}
        for name, instant in sorted(item.starts.items()):
            if item.by_hand and name != OPENED:
                continue
            for rule in self._book.for_task(item.process, item.task, item.facts, instant.astimezone(CHINA).date()):
                if not rule.armed or not (item.by_hand or rule.start == name):
                    continue
                clock = live.get(rule.key)
                found[rule.key] = (self._book.get(clock.rule), clock.start_at) if clock else (rule, instant)
        return list(found.values())

    def _clock(self, item: Wanted, rule: Rule, start: datetime) -> Clock:
        live = next((clock for clock in item.live if clock.rule == rule.ref), None)
        if live and live.status is ClockStatus.STOPPED:
            return live
        stops = live.stops if live else []
        extensions = live.extensions if live else 0
        colour = item.facts.get("colour", "")
        plan = schedule(rule, start, self._calendar(), stops, extensions, self._book.quiet(rule.ref), colour)
        if plan.due_at is None:
            raise ValueError(f"a running clock has no due instant: {rule.ref}")
        rungs = _named(plan.rungs, extensions)
        if live:
            sent = {rung.key for rung in live.rungs if rung.sent}
            rungs = [replace(rung, sent=rung.key in sent) for rung in rungs]
            return replace(
                live, start_at=start, due_at=plan.due_at, provisional=plan.provisional,
                calendar_version=plan.calendar_version, rungs=rungs,
            )  # fmt: skip
        return Clock(
            id=f"{item.item}:{rule.key}:{item.attempt}",
            item=item.item,
            rule=rule.ref,
            kind=str(rule.kind),
            statutory=rule.statutory,
            start_at=start,
            due_at=plan.due_at,
            provisional=plan.provisional,
            calendar_version=plan.calendar_version,
            extendable=rule.extensions,
            stop_reasons=list(rule.stops),
            judged=list(rule.judged),
            rungs=rungs,
        )


def _named(rungs: list[Rung], extensions: int) -> list[Rung]:
    """After an extension the ladder begins anew: its rungs get names of their own."""
    return [replace(rung, key=f"{rung.key}+{extensions}") for rung in rungs] if extensions else rungs
