"""My tasks 我的事项: the open work of a post, most urgent legal time first."""

from fastapi import APIRouter
from starlette.responses import Response

from api.desk import Desk, PageDesk
from api.forms import FormState
from api.places import link
from api.task_list import STAGES, TASKS, TaskQuery, read_query, tab_counts, task_line, task_page
from api.titles import spoken
from domain.permissions import Verb, may_in_office
from domain.protection_forms import COLOURS
from domain.words import N_
from store.paging import Count
from store.queries.work import Whose, WorkFilter

router = APIRouter(include_in_schema=False)

TABS: dict[Whose, str] = {
    Whose.MINE: N_("我的"),
    Whose.UNCLAIMED: N_("待认领"),
    Whose.OTHERS: N_("别人在办"),
    Whose.WAITING: N_("已挂起"),
}
EMPTY: dict[Whose, str] = {
    Whose.MINE: N_("您手上没有事项。认领的事项会出现在这里，最急的在最上面。"),
    Whose.UNCLAIMED: N_("没有等待认领的事项。新报告和新事项会出现在这里，最急的在最上面。"),
    Whose.OTHERS: N_("没有别人在办的事项。"),
    Whose.WAITING: N_("没有挂起的事项。"),
}
EMPTY_FILTERED = N_("没有符合筛选条件的事项。")


@router.get("/tasks")
async def tasks(desk: PageDesk) -> Response:
    """The list of one tab; the tab with work in it when none is named."""
    asked = desk.request.query_params
    counts = await tab_counts(desk)
    fallback = Whose.MINE if counts[Whose.MINE].number else Whose.UNCLAIMED
    query = read_query(asked, fallback)
    page, who = await task_page(desk, query)
    whose = query.whose or fallback
    narrowed = query.narrow != WorkFilter()
    context = {
        "tabs": _tabs(desk, query, counts),
        "lines": [task_line(desk, row, who) for row in page.rows],
        "next": _link(query, page.after) if page.after else "",
        "first": _link(query) if query.after else "",
        "empty": spoken(desk.language, EMPTY_FILTERED if narrowed else EMPTY[whose]),
        "form": FormState(values=dict(query.filters)),
        "whose": whose,
        "narrowed": narrowed,
        "all_href": link("/tasks", {"whose": whose}),
        "stages": [(key, spoken(desk.language, title)) for key, title in STAGES.items()],
        "tasks": [(key, spoken(desk.language, title)) for key, title in TASKS.items()],
        "colours": COLOURS,
        "may_search": bool(may_in_office(Verb.SEARCH, desk.session.role)),
    }
    return desk.page("tasks.html", context)


def _tabs(desk: Desk, query: TaskQuery, counts: dict[Whose, Count]) -> list[tuple[str, str, str, bool]]:
    return [
        (spoken(desk.language, title), link("/tasks", {"whose": whose}), counts[whose].shown, whose is query.whose)
        for whose, title in TABS.items()
    ]


def _link(query: TaskQuery, after: str = "") -> str:
    return link("/tasks", {"whose": str(query.whose or ""), **query.filters, "after": after})
