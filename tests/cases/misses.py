"""Which limits a case missed, and by how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from domain.rules import RuleBook, pack_paths
from domain.state import CaseState

_HOURS_UP_TO = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit that ran out, ``times`` times. ``late``: the longest, until it was met or the last line was reached.

    ``never``: it was still not met at the last line.
    """

    key: str
    title: str
    statutory: bool
    times: int
    late: timedelta
    never: bool

    @property
    def kind(self) -> str:
        """Whether the law or the office set the limit."""
        return "statutory" if self.statutory else "target"

    @property
    def by(self) -> str:
        """By how long it was missed."""
        span = f"{self.late / timedelta(hours=1):.1f} h" if self.late < _HOURS_UP_TO else f"{self.late.days} days"
        often = f"{self.times} times, at most " if self.times > 1 else ""
        return often + span + (", not done by the last line" if self.never else "")


def misses(state: CaseState, ended_at: datetime) -> list[Miss]:
    """The missed limits of a case, by rule, in the order in which they first ran out.

    ``ended_at``: the last line of its timeline.
    """
    found: dict[str, Miss] = {}
    for clock in sorted((c for c in state.clocks.values() if c.breached_at), key=lambda c: (c.due_at, c.id)):
        rule = _book().get(clock.rule)
        late, never = (clock.met_at or ended_at) - clock.due_at, clock.met_at is None
        if before := found.get(rule.key):
            late, never = max(late, before.late), never or before.never
        times = before.times + 1 if before else 1
        found[rule.key] = Miss(rule.key, rule.title, clock.statutory, times, late, never)
    return list(found.values())


@cache
def _book() -> RuleBook:
    return RuleBook.load(pack_paths("cn,cn-jilin"))
