"""Everything the page of one case shows, put together from the rows of the read model."""

from dataclasses import dataclass
from uuid import UUID

from api.answer_words import place_name
from api.case_work import CaseWork, load_case
from api.clock_view import Badge, ClockLine, Duty, clock_lines, duties, time_left
from api.desk import Desk
from api.offers import ItemOffer, Offers, offers
from api.picture import live_states, reached_milestones
from api.picture_view import PictureView, TableRow, picture_rows, picture_view
from api.places import EVENT_PLACE, checked_place
from api.timeline import Entry, Teller
from api.titles import ITEM_STATUSES, STATUSES, spoken, stage_title, task_title
from domain.process import Task
from domain.state import CaseStatus, ItemStatus
from store.database import Tx
from store.paging import Page
from store.queries.case_page import EventView, events
from store.queries.who import Who, who_is
from store.tables import WorkItem
from store.trail import Entry as Trail

EVENT_ROWS = 50


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One open item: what it is, how much time is left, who holds it, what this person may do with it."""

    item: WorkItem
    task: Task
    title: str
    badge: Badge
    holder: str
    mine: bool
    offer: ItemOffer
    href: str


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """The page of a case in the reader's language."""

    work: CaseWork
    status: str
    stage: str
    place: str
    steps: list[tuple[str, str]]
    items: list[ItemLine]
    finished: list[tuple[str, str]]
    clocks: list[ClockLine]
    duties: list[Duty]
    entries: list[Entry]
    older: str
    offers: Offers


async def read_sheet(desk: Desk, case_id: UUID, after: str = "") -> CaseSheet:
    """Load and tell a case: five statements, and one for the audit row that is written before this returns.

    Raises Problem 404 when there is none or it is out of the post's reach.
    """
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
        page = await events(tx, case_id, limit=EVENT_ROWS, after=checked_place(after, *EVENT_PLACE))
        who = await _who(desk, tx, work, page)
    await desk.note(Trail("case.read", "case", str(case_id)))
    return _sheet(desk, work, page, who)


async def _who(desk: Desk, tx: Tx, work: CaseWork, page: Page[EventView]) -> Who:
    people = {event.person_id for event in page.rows} | {item.holder for item in work.items}
    units = {event.unit_id for event in page.rows} | {item.holder_unit for item in work.items}
    return await who_is(tx, desk.backend.cipher, people, units)


def _sheet(desk: Desk, work: CaseWork, page: Page[EventView], who: Who) -> CaseSheet:
    language, offered = desk.language, offers(work.asker)
    rules = {clock.id: clock.rule for clock in work.clocks}
    teller = Teller(work.process, desk.backend.book, rules, who, language)
    live = [item for item in work.items if item.status == ItemStatus.OPEN and not work.task_of(item).is_system]
    return CaseSheet(
        work=work,
        status=language.gettext(STATUSES[work.view.status]),
        stage=spoken(language, stage_title(work.process, work.view.stage)),
        place=place_name(work.view.territory),
        steps=_steps(desk, work),
        items=[item_line(desk, work, item, offered, who) for item in _urgent_first(live)],
        finished=_finished(desk, work),
        clocks=clock_lines(work.clocks, desk.backend.book, dict(offered.clocks), desk.now, language),
        duties=duties(work.process, {i.task: i.opened_at for i in live}, work.view.facts, desk.backend.book, language),
        entries=[teller.tell(event) for event in page.rows],
        older=f"/cases/{work.view.id}?after={page.after}#timeline" if page.after else "",
        offers=offered,
    )


def _urgent_first(items: list[WorkItem]) -> list[WorkItem]:
    return sorted(items, key=lambda item: (item.due_at is None, item.due_at or item.opened_at, item.id))


def item_line(desk: Desk, work: CaseWork, item: WorkItem, offered: Offers, who: Who) -> ItemLine:
    """One open item in words."""
    task = work.task_of(item)
    parts = [who.names.get(item.holder, "") if item.holder else ""]
    parts.append(who.units.get(item.holder_unit, "") if item.holder_unit else "")
    return ItemLine(
        item=item,
        task=task,
        title=spoken(desk.language, task.title),
        badge=time_left(item.due_at, desk.now, desk.language),
        holder=" · ".join(part for part in parts if part),
        mine=str(item.holder) == desk.actor.person,
        offer=offered.items.get(item.id, ItemOffer()),
        href=f"/cases/{work.view.id}/items/{item.id}",
    )


def _steps(desk: Desk, work: CaseWork) -> list[tuple[str, str]]:
    """The stages with their state: an ended case has none that goes on."""
    order = [stage.key for stage in work.process.stages]
    here = order.index(work.view.stage) if work.view.stage in order else 0
    over = work.view.status is not CaseStatus.OPEN
    return [
        (spoken(desk.language, stage.title), "done" if n < here or over else "now" if n == here else "next")
        for n, stage in enumerate(work.process.stages)
    ]


def _finished(desk: Desk, work: CaseWork) -> list[tuple[str, str]]:
    """Items that are done or no longer needed, the latest first, with their state in words."""
    ended = [item for item in work.items if item.status != ItemStatus.OPEN]
    ended.sort(key=lambda item: (item.done_at or item.opened_at, item.id), reverse=True)
    language = desk.language
    return [
        (spoken(language, task_title(work.process, item.task)), language.gettext(ITEM_STATUSES[item.status]))
        for item in ended
    ]


def picture(desk: Desk, work: CaseWork, *, links: bool) -> tuple[PictureView, list[TableRow]]:
    """The process picture with the live state of the case, and the table that says the same."""
    states = live_states(work.process, work.items, work.clocks, desk.now, ended=work.view.status is not CaseStatus.OPEN)
    live = {item.task: item.id for item in work.items if item.status == ItemStatus.OPEN}
    to = {task: f"/cases/{work.view.id}/items/{item}" for task, item in live.items()} if links else {}
    view = picture_view(
        work.process, states, desk.language, links=to, reached=reached_milestones(work.process, work.items)
    )
    return view, picture_rows(work.process, states, desk.language, to)
