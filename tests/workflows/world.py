"""A case in virtual time without any server: the kernel, the real rules and the real calendar."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from activities.clocks import Clockmaker
from domain.acts import Act, ActKind, Actor, Code, Codes, Refused
from domain.calendar import seed_calendar
from domain.process import Role, Task
from domain.rules import RuleBook, pack_paths
from domain.state import CaseState, Clock, ClockStatus, Event, Item, ItemStatus, Notice, Projection
from workflows import clockwork, verbs
from workflows.flows import FLOWS
from workflows.kernel import Case, Message
from workflows.rulings import refusal

COUNTY = "220104"
TOWNSHIP = "220104001"
ELSEWHERE = "220122100"
SECONDS = Path(__file__).resolve().parents[1] / "rules" / "seconds.toml"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 2026-03-02 09:00 in China
TERRITORY_OF = {
    Role.CHILD_DIRECTOR: TOWNSHIP,
    Role.CHILD_SUPERVISOR: TOWNSHIP,
    Role.CITY_OFFICER: "2201",
    Role.PROVINCIAL_SUPERVISOR: "22",
}


@cache
def clockmaker() -> Clockmaker:
    """The real rules and the real calendar, loaded once."""
    calendar = seed_calendar()
    return Clockmaker(RuleBook.load(pack_paths("cn,cn-jilin")), lambda: calendar)


@cache
def seconds_clockmaker() -> Clockmaker:
    """Rules that run in seconds, for the wall clock."""
    calendar = seed_calendar()
    return Clockmaker(RuleBook.load([SECONDS]), lambda: calendar)


def actor(role: Role, person: str = "", territory: str = "") -> Actor:
    """Someone in a post; the same person for the same role unless named."""
    return Actor(person or f"the {role}", role, territory or TERRITORY_OF.get(role, COUNTY), f"unit of {role}")


class RefusedError(Exception):
    """An act was refused: the test sees why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


@dataclass
class World:
    """One case and its clock."""

    colour: str = "yellow"
    police: str = "no"
    discovered: datetime | None = None
    start: datetime = START
    facts: dict[str, str] = field(default_factory=dict)
    projections: list[Projection] = field(default_factory=list)
    words: list[Message] = field(default_factory=list)
    clocks: Clockmaker = field(default_factory=clockmaker)

    def __post_init__(self) -> None:
        process, flow = FLOWS["protection"]
        instants = {"report.done": self.start}
        if self.discovered:
            instants["report.discovered"] = self.discovered
        facts = {"colour": self.colour, "police": self.police, **self.facts}
        state = CaseState("case", process.key, process.version, TOWNSHIP, self.start, facts=facts, instants=instants)
        self.now = self.start
        self.case = Case(process, flow, state)
        self._ids = count(1)
        self.case.begin()
        self._settle()

    # Acting.

    def do(self, task: str, outcome: str, person: str = "", role: Role | None = None, **codes: Code) -> Item:
        """End the open item of a task as the first role that may (or as given)."""
        item = self.open(task)
        declared = self.case.process.task(task)
        self.act(ActKind.DO, role or declared.roles[0], person, item=item.id, outcome=outcome, codes=codes)
        return item

    def act(self, kind: ActKind, role: Role, person: str = "", territory: str = "", **given: object) -> None:
        """Carry out an act now; raises RefusedError."""
        self.deliver(Act(f"act-{next(self._ids)}", kind, self.now, actor(role, person, territory), **given))  # type: ignore[arg-type]

    def deliver(self, act: Act) -> None:
        """Carry out an act that may have been received earlier than now."""
        if refused := refusal(self.case, act):
            raise RefusedError(refused)
        verbs.apply(self.case, act, self.now)
        self._settle()

    # Time.

    def wait(self, **delta: float) -> None:
        """Let time pass, stopping at every instant of the case on the way."""
        self.travel(self.now + timedelta(**delta))

    def travel(self, to: datetime) -> None:
        """Go to an instant."""
        while (instant := clockwork.next_instant(self.case)) is not None and instant <= to:
            self.now = max(self.now, instant)
            clockwork.tick(self.case, self.now)
            self._settle()
        self.now = to

    def outage(self, **delta: float) -> None:
        """Time passes while the engine is down; it notices everything at the end of it."""
        self.now += timedelta(**delta)
        clockwork.tick(self.case, self.now)
        self._settle()

    # Seeing.

    def open(self, task: str) -> Item:
        """The open item of a task."""
        items = [i for i in self.case.items_of(task) if i.status is ItemStatus.OPEN]
        assert items, f"{task} is not open; open: {sorted(self.tasks)}"
        return items[-1]

    @property
    def tasks(self) -> set[str]:
        """The tasks that people have to work on now."""
        items = [i for i in self.case.state.items.values() if i.status is ItemStatus.OPEN]
        return {i.task for i in items if not self.declared(i.task).is_system}

    def declared(self, task: str) -> Task:
        """The table's row of a task."""
        return self.case.process.task(task)

    def clock(self, rule: str) -> Clock:
        """The latest clock of a rule key."""
        found = [c for c in self.case.state.clocks.values() if c.rule.partition("@")[0] == rule]
        assert found, f"no clock {rule}; clocks: {sorted(c.rule for c in self.case.state.clocks.values())}"
        return found[-1]

    def running(self) -> list[Clock]:
        """The clocks time runs for."""
        return [c for c in self.case.state.clocks.values() if c.status is ClockStatus.RUNNING]

    @property
    def events(self) -> list[Event]:
        """The whole history."""
        return [event for projection in self.projections for event in projection.events]

    @property
    def notices(self) -> list[Notice]:
        """All that was told."""
        return [notice for projection in self.projections for notice in projection.notices]

    def kinds(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    def _settle(self) -> None:
        while wanted := self.case.wanted():
            self.case.armed(self.clocks.arm(wanted))
            clockwork.receive(self.case)
        if projection := self.case.drain(self.now):
            self.projections.append(projection)
        self.words.extend(self.case.take_messages())


SERVICES: Code = [{"service": "school", "provider": "school", "due": "2026-04-10"}]


def to_safety(world: World, decision: str = "safe", measures: list[str] | None = None) -> None:
    """The straight way to the safety decision."""
    world.do("accept", "accept")
    world.do("onsite_check", "danger" if decision == "measures" else "no_danger")
    item = world.open("safety_decision")
    codes: Codes = {"measures": measures} if measures else {}
    world.act(ActKind.DO, Role.COUNTY_OFFICER, item=item.id, outcome=decision, codes=codes)


def to_plan(world: World, colour: str = "yellow", guardianship: str = "insufficient") -> None:
    """The straight way to a help plan with one service."""
    to_safety(world)
    world.do("grading", "graded", colour=colour)
    world.do("assessment", "assessed", assessors=2, guardianship=guardianship, colour=colour)
    world.do("help_plan", "planned", services=SERVICES)


def to_closed(world: World) -> None:
    """The straight way to a closed case."""
    to_plan(world)
    world.do("service", "done", on_day="2026-03-03")
    world.do("acknowledge", "told", feedback="accepted")
    world.act(ActKind.START, Role.COUNTY_OFFICER, task="propose_close")
    world.do("propose_close", "propose", why="safe")
    world.do("approve_close", "approve")
