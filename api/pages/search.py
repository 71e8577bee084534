"""Looking for a child known under an earlier report. What is typed never stands in an address or a log."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.case_list import CaseLine, case_line
from api.desk import Desk, page_desk
from api.forms import FormState, read_form
from api.limits import Limit
from api.session import Session, require_office
from api.task_answers import read_answers, show_errors
from api.task_forms import check
from api.titles import STATUS_KINDS, STRENGTHS
from domain.checks import Invalid, check_id_number
from domain.matching import Strength, TokenKind, strength, tokens
from domain.permissions import Verb
from domain.process import Field, FieldKind, Level, Outcome, Role, Task
from domain.receipts import check_receipt
from domain.territory import LENGTHS
from domain.words import N_
from store.queries.cases import get_case_by_number, get_cases
from store.queries.search import case_of_receipt, cases_by_tokens
from store.trail import Entry

router = APIRouter(include_in_schema=False)

FIND = Outcome(
    "find",
    N_("查找"),
    (
        Field("child_name", N_("孩子姓名"), FieldKind.NAME, required=False, help=N_("同音、近音的姓名也会找到。")),
        Field("child_id_number", N_("身份证号"), FieldKind.ID_NUMBER, False, help=N_("只取出生年份，缩小范围。")),
        Field("number", N_("个案编号或回执号"), FieldKind.CASE, required=False),
    ),
)
SEARCH = Task("search", "", N_("查找儿童"), (Role.COUNTY_OFFICER,), Level.COUNTY, (FIND,))
NOTHING_ASKED = N_("请填写姓名或编号")
BY_NUMBER = N_("编号相同")
PER_PERSON = Limit("search", 120)
Searcher = Depends(require_office(Verb.SEARCH))


@dataclass(frozen=True, slots=True)
class Found:
    """One case that was found, and why."""

    line: CaseLine
    why: str


@router.get("/search")
async def search_form(request: Request, session: Session = Searcher) -> Response:
    """An empty form."""
    return _page(await page_desk(request, session), FormState(), None)


@router.post("/search")
async def search(request: Request, session: Session = Searcher) -> Response:
    """What is known within the post's reach; who looked for whom is written down before it is shown."""
    desk, form = await page_desk(request, session), await read_form(request)
    await PER_PERSON.count(request, desk.actor.person)
    parsed = check(SEARCH, FIND, read_answers(FIND, form), desk.now)
    show_errors(FIND, form, parsed.errors, desk.language.gettext)
    name, number = parsed.content.get("child_name", ""), str(parsed.codes.get("number", ""))
    if form.ok and not name and not number:
        form.refuse("child_name", desk.language.gettext(NOTHING_ASKED))
    if not form.ok:
        return _page(desk, form, None)
    found = await _find(desk, name, parsed.content.get("child_id_number", ""), number)
    about = desk.backend.cipher.blind(TokenKind.NAME, name).hex() if name else number
    await desk.note(Entry("child.search", "child", about, result=str(len(found))))
    return _page(desk, form, found)


async def _find(desk: Desk, name: str, id_number: str, number: str) -> list[Found]:
    wanted = tokens(name, _birth_year(id_number), _county(desk))
    async with desk.backend.db.read() as tx:
        hits = await cases_by_tokens(tx, desk.backend.cipher, desk.actor, wanted)
        weights = {hit.case_id: weight for hit in hits if (weight := _weigh(hit.shared)) is not None}
        by_receipt = await case_of_receipt(tx, desk.actor, _receipt(number)) if number else None
        by_number = await get_case_by_number(tx, desk.actor, number) if number else None
        direct = {case for case in (by_receipt, by_number.id if by_number else None) if case}
        views = await get_cases(tx, desk.actor, [*direct, *weights])
    say = desk.language.gettext
    numbered = [Found(case_line(desk, views[case]), say(BY_NUMBER)) for case in direct if case in views]
    return numbered + [
        Found(case_line(desk, views[case]), say(STRENGTHS[weight]))
        for case, weight in sorted(weights.items(), key=lambda pair: pair[1] != Strength.STRONG)
        if case in views and case not in direct
    ]


def _weigh(shared: frozenset[TokenKind]) -> Strength | None:
    """As links are weighed; the place counts as the same, since only the post's own territory is searched."""
    same_year = True if TokenKind.SURNAME_YEAR in shared else None
    return strength(shared, same_year, True)


def _birth_year(id_number: str) -> int | None:
    return check_id_number(id_number).birth.year if id_number else None


def _county(desk: Desk) -> str | None:
    digits = LENGTHS[Level.COUNTY]
    return desk.actor.territory[:digits] if len(desk.actor.territory) >= digits else None


def _receipt(number: str) -> str:
    try:
        return check_receipt(number)
    except Invalid:
        return ""


def _page(desk: Desk, form: FormState, found: list[Found] | None) -> Response:
    context = {"form": form, "outcome": FIND, "found": found, "more": {}, "kinds": STATUS_KINDS}
    return desk.page("search.html", context, 422 if form.errors else 200)
