"""Steering a case: hold and resume, extend, stop and restart a clock, start a task, undo a merge."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.act_forms import Sheet, fresh_form, key_of, parse_form, refused_page, send_form, show
from api.case_work import CaseWork, explain, load_case, require_act
from api.clock_view import rule_of, stop_title
from api.commands import Request
from api.desk import CaseId, Desk, PageDesk
from api.forms import FormState, read_form
from api.problems import Problem
from api.small_acts import EXTEND, HOLD, PART, RESTART, RESUME, start_form, stop_form
from api.titles import spoken, task_title
from domain.acts import ActKind, RefusalCode, Refused
from domain.process import Option, Task

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Steer:
    """One verb on one thing of a case: its form, its address, what it asks of the case."""

    kind: ActKind
    form: Task
    path: str
    about: str
    item: str = ""
    clock: str = ""

    def sheet(self, desk: Desk, work: CaseWork) -> Sheet:
        """The page that asks for it."""
        case = f"/cases/{work.view.id}"
        heading = spoken(desk.language, self.form.title)
        caption = " · ".join(part for part in (work.view.number, self.about) if part)
        return Sheet(f"{case}{self.path}", self.form, self.form.outcomes[0], heading, caption, case)

    def refused(self, work: CaseWork) -> Refused | None:
        """Why it would be refused whatever is filled in."""
        if self.kind in {ActKind.START, ActKind.STOP}:
            choices = self.form.outcomes[0].fields[0].options
            return None if choices else Refused(_NO_CHOICE[self.kind])
        return work.asker.refused(self.kind, item=self.item, clock=self.clock)


_NO_CHOICE = {ActKind.START: RefusalCode.NOT_YOURS, ActKind.STOP: RefusalCode.NO_LEGAL_REASON}

Find = Callable[[Desk, CaseWork, str], Steer]


def on_item(kind: ActKind, form: Task) -> Find:
    """A verb on an item."""

    def find(desk: Desk, work: CaseWork, item_id: str) -> Steer:
        item = work.item(item_id)
        if item is None:
            raise Problem(404)
        about = spoken(desk.language, task_title(work.process, item.task))
        return Steer(kind, form, f"/items/{item_id}/{form.key}", about, item=item_id)

    return find


def on_clock(kind: ActKind, form: Task) -> Find:
    """A verb on a clock."""

    def find(desk: Desk, work: CaseWork, clock_id: str) -> Steer:
        clock = work.clock(clock_id)
        if clock is None:
            raise Problem(404)
        rule = rule_of(desk.backend.book, clock.rule)
        about = rule.title if rule else clock.rule
        return Steer(kind, form, f"/clocks/{clock_id}/{form.key}", about, clock=clock_id)

    return find


def stopping(desk: Desk, work: CaseWork, clock_id: str) -> Steer:
    """Stopping a clock: the grounds are those of its own rule."""
    clock = work.clock(clock_id)
    if clock is None:
        raise Problem(404)
    grounds = (Option(r, stop_title(desk.backend.book, r, desk.language)) for r in clock.stop_reasons)
    return on_clock(ActKind.STOP, stop_form(grounds))(desk, work, clock_id)


def starting(_: Desk, work: CaseWork, __: str) -> Steer:
    """Starting a discretionary task: those that this person may start now."""
    return Steer(ActKind.START, start_form(work.asker.startable()), "/start", "")


def parting(_: Desk, __: CaseWork, ___: str) -> Steer:
    """Undoing the merge of this case into another."""
    return Steer(ActKind.PART, PART, "/part", "")


holding = on_item(ActKind.HOLD, HOLD)
resuming = on_item(ActKind.RESUME, RESUME)
extending = on_clock(ActKind.EXTEND, EXTEND)
restarting = on_clock(ActKind.RESTART, RESTART)


def asked(steer: Steer, codes: dict[str, object], content: dict[str, str], key: str) -> Request:
    """What is sent to the case. The legal ground of a stop and the started task are no answers but the act itself."""
    return Request(
        steer.kind,
        item=steer.item,
        task=str(codes.get("task", "")),
        clock=steer.clock,
        reason=str(codes.get("ground", "")),
        content=content,
        key=key,
    )


async def _ask(desk: Desk, case_id: CaseId, thing: str, find: Find) -> Response:
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    steer = find(desk, work, thing)
    require_act(desk, steer.kind, work.view)
    refused = steer.refused(work)
    sheet = steer.sheet(desk, work)
    if refused:
        return refused_page(desk, work, sheet.heading, await explain(desk, work, refused, steer.item))
    return await show(desk, work, sheet, fresh_form())


async def _send(desk: Desk, case_id: CaseId, thing: str, find: Find) -> Response:
    form: FormState = await read_form(desk.request)
    async with desk.backend.db.read() as tx:
        work = await load_case(desk, tx, case_id)
    steer = find(desk, work, thing)
    require_act(desk, steer.kind, work.view)
    sheet = steer.sheet(desk, work)
    if steer.kind in _NO_CHOICE and (refused := steer.refused(work)):
        return refused_page(desk, work, sheet.heading, await explain(desk, work, refused))
    parsed = await parse_form(desk, work, sheet, form)
    if parsed.errors:
        return await show(desk, work, sheet, form)
    return await send_form(desk, work, sheet, form, asked(steer, dict(parsed.codes), parsed.content, key_of(form)))


@router.get("/cases/{case_id}/items/{item_id}/hold")
async def hold_form(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """Why it is put on hold."""
    return await _ask(desk, case_id, item_id, holding)


@router.post("/cases/{case_id}/items/{item_id}/hold")
async def hold(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """Put a piece of work on hold; its time runs on."""
    return await _send(desk, case_id, item_id, holding)


@router.post("/cases/{case_id}/items/{item_id}/resume")
async def resume(case_id: CaseId, item_id: str, desk: PageDesk) -> Response:
    """Go on with a piece of work."""
    return await _send(desk, case_id, item_id, resuming)


@router.get("/cases/{case_id}/clocks/{clock_id}/extend")
async def extend_form(case_id: CaseId, clock_id: str, desk: PageDesk) -> Response:
    """Why more time is needed."""
    return await _ask(desk, case_id, clock_id, extending)


@router.post("/cases/{case_id}/clocks/{clock_id}/extend")
async def extend(case_id: CaseId, clock_id: str, desk: PageDesk) -> Response:
    """Ask for an extension before the clock is due."""
    return await _send(desk, case_id, clock_id, extending)


@router.get("/cases/{case_id}/clocks/{clock_id}/stop")
async def stop_clock_form(case_id: CaseId, clock_id: str, desk: PageDesk) -> Response:
    """The legal grounds on which this clock may be stopped."""
    return await _ask(desk, case_id, clock_id, stopping)


@router.post("/cases/{case_id}/clocks/{clock_id}/stop")
async def stop_clock(case_id: CaseId, clock_id: str, desk: PageDesk) -> Response:
    """Stop the clock on a legal ground."""
    return await _send(desk, case_id, clock_id, stopping)


@router.post("/cases/{case_id}/clocks/{clock_id}/restart")
async def restart_clock(case_id: CaseId, clock_id: str, desk: PageDesk) -> Response:
    """Let the clock run on with the time that was left."""
    return await _send(desk, case_id, clock_id, restarting)


@router.get("/cases/{case_id}/start")
async def start_task_form(case_id: CaseId, desk: PageDesk) -> Response:
    """The tasks that may be started now."""
    return await _ask(desk, case_id, "", starting)


@router.post("/cases/{case_id}/start")
async def start_task(case_id: CaseId, desk: PageDesk) -> Response:
    """Start a discretionary task."""
    return await _send(desk, case_id, "", starting)


@router.get("/cases/{case_id}/part")
async def part_form(case_id: CaseId, desk: PageDesk) -> Response:
    """Why the merge is undone."""
    return await _ask(desk, case_id, "", parting)


@router.post("/cases/{case_id}/part")
async def part(case_id: CaseId, desk: PageDesk) -> Response:
    """Undo the merge of this case into another."""
    return await _send(desk, case_id, "", parting)
