"""The lines of a task list, as the page and the API tell them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from api.clock_view import Badge, moment_words, nature_of, rule_of, time_left
from api.desk import Desk, one_of
from api.offers import process_of
from api.places import TASK_PLACE, checked_place
from api.titles import spoken, stage_title, task_title
from domain.acts import ActKind
from domain.basis_words import basis_words
from domain.permissions import VERB_OF_ACT, may
from domain.process import Process
from domain.protection_forms import COLOURS
from domain.state import CaseStatus
from store.paging import Count, Page
from store.queries.who import Who, who_is
from store.queries.work import Whose, Work, WorkFilter, count_tasks, my_tasks
from workflows.flows import FLOWS

PAGE_ROWS = 50
PROCESSES: tuple[Process, ...] = tuple(process for process, _ in FLOWS.values())
STAGES = {stage.key: stage.title for process in PROCESSES for stage in process.stages}
TASKS = {task.key: task.title for process in PROCESSES for task in process.tasks if not task.is_system}
COLOUR_KEYS = frozenset(option.key for option in COLOURS)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One piece of work in the reader's language. ``mine``: the person asking holds it."""

    work: Work
    task: str
    stage: str
    badge: Badge
    nature: str
    due: str
    basis: str
    holder: str
    mine: bool
    can_claim: bool

    @property
    def case_href(self) -> str:
        """The page of its case."""
        return f"/cases/{self.work.case_id}"

    @property
    def href(self) -> str:
        """The page on which it is worked."""
        return f"{self.case_href}/items/{self.work.item}"


class TaskOut(BaseModel):
    """One piece of work 事项 as the API tells it. ``due_at`` null: no limit runs."""

    case_id: UUID
    case_number: str
    process: str
    item: str
    task: str
    title: str
    stage: str
    territory: str
    colour: str | None
    held: bool
    mine: bool
    holder: str | None
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    statutory: bool
    provisional: bool
    rule: str | None
    basis: str


class TaskPage(BaseModel):
    """A page of work; ``after`` gives the next one, "" on the last."""

    items: list[TaskOut]
    after: str


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """What a list was asked for, with every unknown value dropped."""

    whose: Whose | None
    narrow: WorkFilter
    after: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """The filters as a query string has them."""
        narrow = self.narrow
        overdue = "yes" if narrow.overdue else ""
        return {"stage": narrow.stage, "task": narrow.task, "colour": narrow.colour, "overdue": overdue}


def read_query(asked: Mapping[str, str], whose: Whose | None = None) -> TaskQuery:
    """The list a query string asks for; ``whose`` when it names no tab."""
    tab = asked.get("whose", "")
    narrow = WorkFilter(
        stage=one_of(asked.get("stage", ""), set(STAGES)),
        task=one_of(asked.get("task", ""), set(TASKS)),
        colour=one_of(asked.get("colour", ""), COLOUR_KEYS),
        overdue=asked.get("overdue", "") == "yes",
    )
    return TaskQuery(
        Whose(tab) if tab in set(Whose) else whose, narrow, checked_place(asked.get("after", ""), *TASK_PLACE)
    )


async def task_page(desk: Desk, query: TaskQuery) -> tuple[Page[Work], Who]:
    """A page of work and the names of its holders: two statements."""
    async with desk.backend.db.read() as tx:
        page = await my_tasks(tx, desk.actor, query.whose, narrow=query.narrow, limit=PAGE_ROWS, after=query.after)
        who = await who_is(tx, desk.backend.cipher, {row.holder for row in page.rows}, ())
    return page, who


async def tab_counts(desk: Desk) -> dict[Whose, Count]:
    """How many lines each tab has."""
    async with desk.backend.db.read() as tx:
        return await count_tasks(tx, desk.actor)


def task_line(desk: Desk, work: Work, who: Who) -> TaskLine:
    """One row in words."""
    process, language = process_of(work.process), desk.language
    rule = rule_of(desk.backend.book, work.rule) if work.rule else None
    return TaskLine(
        work=work,
        task=spoken(language, task_title(process, work.task)),
        stage=spoken(language, stage_title(process, work.stage)),
        badge=time_left(work.due_at, desk.now, language),
        nature=nature_of(work.statutory, language) if work.due_at else "",
        due=moment_words(work.due_at, language) if work.due_at else "",
        basis=basis_words(rule) if rule else "",
        holder=who.names.get(work.holder, "") if work.holder else "",
        mine=str(work.holder) == desk.actor.person,
        can_claim=work.holder is None and _may_claim(desk, work),
    )


def _may_claim(desk: Desk, work: Work) -> bool:
    """The list holds only work of the post, so that its role counts as involved; a closed case still has some."""
    role = desk.session.role
    verb = VERB_OF_ACT[ActKind.CLAIM]
    post = desk.actor.territory
    return bool(may(verb, role, post, work.territory, involved=[role.value], status=CaseStatus.OPEN))


def task_out(desk: Desk, line: TaskLine) -> TaskOut:
    """One row for programs."""
    work = line.work
    return TaskOut(
        case_id=work.case_id,
        case_number=work.number,
        process=work.process,
        item=work.item,
        task=work.task,
        title=line.task,
        stage=work.stage,
        territory=work.territory,
        colour=work.colour,
        held=work.held,
        mine=line.mine,
        holder=line.holder or None,
        opened_at=work.opened_at,
        due_at=work.due_at,
        overdue=work.due_at is not None and work.due_at <= desk.now,
        statutory=work.statutory,
        provisional=work.provisional,
        rule=work.rule,
        basis=line.basis,
    )
