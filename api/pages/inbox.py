"""The inbox 消息: reminders and breaches told to a person, with a number and a link, never a name."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.desk import Desk, PageDesk, one_of
from api.flash import declare_flash
from api.forms import FormState, read_form
from api.offers import PROCESS_OF_TASK
from api.places import NOTICE_PLACE, checked_place, link
from api.problems import Problem
from api.titles import spoken, task_title
from domain.words import N_
from store.queries.inbox import NoticeView, inbox, mark_read

router = APIRouter(include_in_schema=False)

ALL_READ = declare_flash("inbox-read", N_("已全部标为已读。"))
BREACHED, REMINDED = N_("逾期"), N_("提醒")
PAGE_ROWS = 50


@router.get("/inbox")
async def messages(desk: PageDesk) -> Response:
    """A page of a person's notices, latest first."""
    asked = desk.request.query_params
    unread = one_of(asked.get("show", ""), {"unread"})
    after = checked_place(asked.get("after", ""), *NOTICE_PLACE)
    async with desk.backend.db.read() as tx:
        page = await inbox(tx, desk.session.person_id, unread=bool(unread), limit=PAGE_ROWS, after=after)
    say = desk.language.gettext
    context = {
        "lines": [(notice, _title(desk, notice), say(BREACHED if notice.breach else REMINDED)) for notice in page.rows],
        "next": link("/inbox", {"show": unread, "after": page.after}) if page.after else "",
        "first": link("/inbox", {"show": unread}) if after else "",
        "unread_only": bool(unread),
        "any_unread": any(notice.read_at is None for notice in page.rows),
        "form": FormState(),
    }
    return desk.page("inbox.html", context)


def _title(desk: Desk, notice: NoticeView) -> str:
    task = notice.task or notice.item.partition(".")[0]
    process = PROCESS_OF_TASK.get(task)
    return spoken(desk.language, task_title(process, task)) if process else task


@router.post("/inbox/read")
async def read_all(desk: PageDesk) -> Response:
    """All notices of the person are read."""
    async with desk.backend.db.unit_of_work() as tx:
        await mark_read(tx, desk.session.person_id)
    return desk.go("/inbox", ALL_READ)


@router.post("/inbox/{notice_id}/read")
async def read_one(notice_id: UUID, desk: PageDesk) -> Response:
    """One notice is read, and the person goes to its case. Another's notice stays as it is."""
    form = await read_form(desk.request)
    async with desk.backend.db.unit_of_work() as tx:
        await mark_read(tx, desk.session.person_id, [notice_id])
    try:
        return desk.go(f"/cases/{UUID(form.value('case'))}")
    except ValueError:
        raise Problem(422, "case") from None
