"""Takes a case along its published timeline: whatever is told is done at its instant, whatever is not stays undone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from domain import protection_keys as p
from domain.acts import Act, ActKind, Actor, Codes, RefusalCode, Refused
from domain.process import Level, Role
from domain.protection import PROTECTION
from domain.state import CaseState, CaseStatus, Item, ItemStatus
from domain.territory import cut
from tests.cases.answers import Scene, codes_of, outcome_of
from tests.cases.instants import Placed
from tests.cases.published import Happening
from tests.cases.story import Story
from tests.cases.table import AUTHORITIES, BACKGROUND, FIRST, Row, ending_of, rows_for

NOT_NEEDED = "not_needed"
_MOST_STEPS_TO_CLOSE = 60
_TOWNSHIP_ROLES = (Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR)
_THE_END = Happening("", "", "", "closing")


class Office(Protocol):
    """Where a case lives: in memory, or behind the real front."""

    async def state(self) -> CaseState:
        """The case as it stands."""

    async def act(self, act: Act) -> Refused | None:
        """Carry an act out; why not, when it is refused."""

    async def travel(self, to: datetime) -> None:
        """Let time pass up to an instant."""


class NotAsPublishedError(Exception):
    """The case refused what was published."""


@dataclass
class Course:
    """One case under way. ``unplaced``: published acts that the case had no place for."""

    story: Story
    office: Office
    unplaced: list[str] = field(default_factory=list)
    _acts: "count[int]" = field(default_factory=lambda: count(1))
    _now: datetime = field(init=False)
    _line: Happening = _THE_END
    _aim: str = ""

    def __post_init__(self) -> None:
        self._now = self.story.received

    async def run(self) -> CaseState:
        """From the report to the published outcome; the case as it then stands."""
        for line in self.story.after:
            await self._go_on(line)
        self._line = _THE_END
        if self.story.case.outcome and self._why:
            await self._close()
        return await self.office.state()

    @property
    def ended_at(self) -> datetime:
        """The instant of the last line."""
        return self._now

    @property
    def _why(self) -> str:
        return ending_of(self.story.case.outcome).why

    async def _go_on(self, line: Placed) -> None:
        if line.at > self._now:
            await self.office.travel(line.at)
            self._now = line.at
        self._line = line.what
        if line.what.who in AUTHORITIES and line.what.stage != "report" and not BACKGROUND.search(line.what.act):
            await self._take_in()
        for row in rows_for(line.what):
            await self._carry_out(row)

    async def _take_in(self) -> None:
        """Accept the report, and note what it says of the police."""
        await self._see_done(p.ACCEPT)
        if self.story.police_told:
            await self._see_done(p.NOTIFY_POLICE)
        if self.story.police_filed:
            await self._see_done(p.POLICE_RECEIPT)

    async def _carry_out(self, row: Row) -> None:
        self._aim = row.task
        state = await self.office.state()
        items = open_items(state, row.task)
        if not items and (row.offered or (_is_done(state, row.task) and not row.again)):
            return
        for first in FIRST.get(row.task, ()):
            await self._see_done(first)
        items = await self._open(row.task)
        if not items:
            self.unplaced.append(f"{row.task}.{row.outcome}")
        for item in items if row.every else items[-1:]:
            await self._do(item, row.outcome)

    async def _see_done(self, task: str) -> None:
        """What must have happened by now has happened by now."""
        if _is_done(await self.office.state(), task):
            return
        for first in FIRST.get(task, ()):
            await self._see_done(first)
        items = await self._open(task)
        if not items:
            self.unplaced.append(task)
        for item in items[-1:]:
            await self._do(item)

    async def _open(self, task: str) -> list[Item]:
        """The open items of a task; a discretionary one is started by hand when there is none."""
        items = open_items(await self.office.state(), task)
        if items or not PROTECTION.task(task).discretionary:
            return items
        role = PROTECTION.task(task).roles[0]
        await self._send(Act(self._next_id(), ActKind.START, self._at, await self._actor(role), task=task))
        return open_items(await self.office.state(), task)

    async def _do(self, item: Item, outcome: str = "") -> None:
        if refused := await self._try(item, outcome):
            raise NotAsPublishedError(f"{self.story.case.id}: {item.id} {outcome}: {refused}")

    async def _try(self, item: Item, outcome: str = "") -> Refused | None:
        scene = self._scene(await self.office.state())
        outcome = outcome or outcome_of(item.task, scene)
        actor = await self._actor(PROTECTION.task(item.task).roles[0])
        codes: Codes = codes_of(item.task, outcome, scene)
        act = Act(self._next_id(), ActKind.DO, self._at, actor, item=item.id, outcome=outcome, codes=codes)
        return await self.office.act(act)

    async def _send(self, act: Act) -> None:
        if refused := await self.office.act(act):
            raise NotAsPublishedError(f"{self.story.case.id}: {act.kind} {act.task or act.item}: {refused}")

    async def _close(self) -> None:
        """Close the case, doing first whatever the refusal names as still open."""
        self._aim = p.PROPOSE_CLOSE
        proposal = (await self._open(p.PROPOSE_CLOSE))[-1]
        for _ in range(_MOST_STEPS_TO_CLOSE):
            refused = await self._try(proposal)
            if refused is None:
                break
            if refused.code is not RefusalCode.STILL_OPEN:
                raise NotAsPublishedError(f"{self.story.case.id}: {refused}")
            await self._clear(refused.open_items)
        await self._do((await self._open(p.APPROVE_CLOSE))[-1])
        if (await self.office.state()).status is not CaseStatus.CLOSED:
            raise NotAsPublishedError(f"{self.story.case.id} is not closed")

    async def _clear(self, left: tuple[str, ...]) -> None:
        order = [task.key for task in PROTECTION.tasks]
        for item_id in sorted(left, key=lambda item: order.index(item.partition(".")[0])):
            item = (await self.office.state()).items[item_id]
            if item.status is ItemStatus.OPEN:
                ways = [outcome.key for outcome in PROTECTION.task(item.task).outcomes]
                await self._do(item, NOT_NEEDED if NOT_NEEDED in ways else "")

    def _scene(self, state: CaseState) -> Scene:
        story, line = self.story, self._line
        return Scene(
            at=self._at, who=line.who, words=line.act, case=story.case, state=state, aim=self._aim,
            police_told=story.police_told, omitted=story.omitted, knew_on=story.knew_on, why=self._why,
        )  # fmt: skip

    @property
    def _at(self) -> datetime:
        return self._now.astimezone(UTC)

    async def _actor(self, role: Role) -> Actor:
        """Somebody of the case's own place; one person a role."""
        territory = (await self.office.state()).territory
        post = territory if role in _TOWNSHIP_ROLES else cut(territory, Level.COUNTY) or territory
        return Actor(str(uuid5(NAMESPACE_URL, role)), role, post, str(uuid5(NAMESPACE_URL, f"unit of {role}")))

    def _next_id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"{id(self)}:{self.story.case.id}:{next(self._acts)}"))


def open_items(state: CaseState, task: str) -> list[Item]:
    """The open items of a task, oldest first."""
    return [i for i in state.items.values() if i.task == task and i.status is ItemStatus.OPEN]


def _is_done(state: CaseState, task: str) -> bool:
    return any(i.task == task and i.status is ItemStatus.DONE for i in state.items.values())
