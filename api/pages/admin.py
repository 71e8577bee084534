"""The administrator's pages: people and posts, the calendar, the rule packs, what is stuck."""

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.answer_words import place_name
from api.desk import Desk, page_desk
from api.places import checked_place, link, plain
from api.session import Session, require_office
from api.task_list import PROCESSES
from api.titles import spoken, task_title
from domain.basis import length_words
from domain.basis_words import basis_words
from domain.permissions import ROLE_TITLES, Verb
from domain.process import Role
from domain.rule import Rule
from store.queries.oversight import StaffLine, calendar_status, staff, stuck
from store.trail import Entry

router = APIRouter(prefix="/admin", include_in_schema=False)

People = Depends(require_office(Verb.MANAGE_PEOPLE))
Calendar = Depends(require_office(Verb.IMPORT_CALENDAR))
Audit = Depends(require_office(Verb.READ_AUDIT))
BANNER_DAYS = 60


@router.get("/people")
async def people(request: Request, session: Session = People) -> Response:
    """Everybody with a post in the administrator's territory."""
    desk = await page_desk(request, session)
    after = checked_place(request.query_params.get("after", ""), plain, UUID)
    async with desk.backend.db.read() as tx:
        page = await staff(tx, desk.backend.cipher, desk.actor.territory, after=after)
    await desk.note(Entry("people.read", "territory", desk.actor.territory))
    context = {
        "lines": [_person(desk, line) for line in page.rows],
        "next": link("/admin/people", {"after": page.after}) if page.after else "",
        "first": "/admin/people" if after else "",
    }
    return desk.page("admin_people.html", context)


def _person(desk: Desk, line: StaffLine) -> tuple[StaffLine, str, str, bool]:
    """The row, its role and place in words, and whether the post is in force today."""
    in_force = line.valid_from <= desk.today and (line.valid_to is None or desk.today <= line.valid_to)
    role = desk.language.gettext(ROLE_TITLES[Role(line.role)])
    return line, role, place_name(line.territory), line.active and in_force


@router.get("/calendar")
async def calendar(request: Request, session: Session = Calendar) -> Response:
    """Through which day the working days are known, and how many clocks wait for the next year's order."""
    desk = await page_desk(request, session)
    async with desk.backend.db.read() as tx:
        status = await calendar_status(tx)
    days_left = (status.known_through - desk.today).days if status else 0
    return desk.page("admin_calendar.html", {"status": status, "soon": days_left <= BANNER_DAYS, "days": days_left})


@router.get("/rules")
async def rules(request: Request, session: Session = Calendar) -> Response:
    """Every version of every time limit in the packs in use."""
    desk = await page_desk(request, session)
    book = desk.backend.book
    say = desk.language.gettext
    lines = [(rule, _task(desk, rule), length_words(rule).said(say), basis_words(rule)) for rule in book.all()]
    packs = [str(pack) for pack in desk.backend.settings.rules]
    return desk.page("admin_rules.html", {"lines": lines, "packs": packs})


def _task(desk: Desk, rule: Rule) -> str:
    process = next((process for process in PROCESSES if process.key == rule.process), None)
    return spoken(desk.language, task_title(process, rule.task)) if process else rule.task


@router.get("/system")
async def system(request: Request, session: Session = Audit) -> Response:
    """What is on its way to the engine, and what has not got where it should."""
    desk = await page_desk(request, session)
    backlog = await desk.backend.outbox.backlog()
    async with desk.backend.db.read() as tx:
        found = await stuck(tx)
    return desk.page("admin_system.html", {"backlog": backlog, "stuck": found})
