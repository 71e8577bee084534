"""A case as handlers work with it: loaded once in the reach of the post, asked what it allows, acted on, answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.commands import Answer, EngineAway
from api.desk import Desk
from api.offers import Asker, known_case, process_of
from api.problems import Problem
from api.refusals import OpenItem, Refusal, refusal_words
from api.session import china_today
from api.titles import spoken, task_title
from domain.acts import ActKind, RefusalCode, Refused
from domain.permissions import VERB_OF_ACT, Reason, Verb, may
from domain.process import Process, Role, Task
from domain.words import N_
from store.database import Tx
from store.queries.case_head import Signals, case_head
from store.queries.case_page import clocks, items
from store.queries.cases import CaseView
from store.queries.people import names, posts
from store.queries.who import held_since
from store.tables import Clock, WorkItem

ENGINE_AWAY = N_("流程引擎暂时没有响应，认领和退领没有执行。其他办理可以照常提交，会先保存、随后生效。")
ROLE_MAY_NOT = N_("您的岗位不能这样操作。")
CASE_ENDED = N_("这个个案已经结束，不能再这样操作。")
_DENIALS = {Reason.ROLE_MAY_NOT: (403, ROLE_MAY_NOT), Reason.CASE_NOT_OPEN: (409, CASE_ENDED)}


@dataclass(frozen=True, slots=True)
class CaseWork:
    """One case in front of one person: its row, its signals, all its items and clocks, and what it would allow."""

    view: CaseView
    signals: Signals
    items: list[WorkItem]
    clocks: list[Clock]
    asker: Asker

    @property
    def process(self) -> Process:
        """The declared process of the case."""
        return self.asker.case.process

    def item(self, item_id: str) -> WorkItem | None:
        """The item of that id, open or not."""
        return next((row for row in self.items if row.id == item_id), None)

    def clock(self, clock_id: str) -> Clock | None:
        """The clock of that id."""
        return next((row for row in self.clocks if row.id == clock_id), None)

    def task_of(self, item: WorkItem) -> Task:
        """The declared task of an item."""
        return self.process.task(item.task)


async def load_case(desk: Desk, tx: Tx, case_id: UUID) -> CaseWork:
    """The case with its items and clocks (three statements). Problem 404 when there is none or it is out of reach."""
    found = await case_head(tx, desk.actor, case_id)
    if found is None:
        raise Problem(404)
    view, signals = found
    rows, timers = await items(tx, case_id), await clocks(tx, case_id)
    case = known_case(view, rows, timers, (str(other) for other in signals.joined))
    return CaseWork(view, signals, rows, timers, Asker(case, view, desk.actor, desk.now))


def require(desk: Desk, verb: Verb, view: CaseView) -> None:
    """Problem unless the post may do ``verb`` on the case: 404 where it may not even know of it, else 403 or 409."""
    decision = may(
        verb, desk.session.role, desk.actor.territory, view.territory, involved=view.involved, status=view.status
    )
    if decision.reason is None:
        return
    status, words = _DENIALS.get(decision.reason, (404, ""))
    raise Problem(status, decision.reason.value if words else "", words)


def require_act(desk: Desk, kind: ActKind, view: CaseView) -> None:
    """Like :func:`require`, for an act."""
    require(desk, VERB_OF_ACT[kind], view)


async def act_at_once(desk: Desk, work: CaseWork, kind: ActKind, item: str) -> Answer:
    """Claim or release; Problem 503 when the engine is away, since neither makes sense later."""
    require_act(desk, kind, work.view)
    if work.item(item) is None:
        raise Problem(404)
    verb = desk.commands.claim if kind is ActKind.CLAIM else desk.commands.release
    try:
        return await verb(desk.actor, work.view.id, item)
    except EngineAway:
        raise Problem(503, "engine_away", ENGINE_AWAY) from None


async def explain(desk: Desk, work: CaseWork, refused: Refused, item: str = "") -> Refusal:
    """The refusal with names behind its ids: the holder by name to colleagues of one office, else the office."""
    async with desk.backend.db.read() as tx:
        holder = await _holder(desk, tx, refused.holder) if refused.holder else ""
        since = refused.changed_at
        if since is None and holder and refused.code in {RefusalCode.HELD_BY_OTHER, RefusalCode.ON_HOLD}:
            since = await held_since(tx, work.view.id, item)
    return Refusal(
        refused.code,
        refusal_words(refused, desk.language),
        holder,
        since,
        tuple(open_items(desk, work, refused.open_items)),
    )


def open_items(desk: Desk, work: CaseWork, ids: Iterable[str]) -> Iterable[OpenItem]:
    """The titles of items named by a refusal."""
    for item_id in ids:
        row = work.item(item_id)
        title = task_title(work.process, row.task if row else item_id.partition(".")[0])
        yield OpenItem(item_id, spoken(desk.language, title))


async def _holder(desk: Desk, tx: Tx, person: str) -> str:
    held = await posts(tx, UUID(person), china_today())
    office = next((post.unit_name for post in held), "")
    if any(str(post.unit_id) == desk.actor.unit for post in held) or not office:
        name = (await names(tx, desk.backend.cipher, [UUID(person)])).get(UUID(person), "")
        return " · ".join(part for part in (name, office) if part)
    return office


def works_cases(desk: Desk) -> bool:
    """Whether the post may see any case at all."""
    return desk.session.role not in {Role.REPORTER, Role.REGISTRAR, Role.ADMINISTRATOR, Role.SYSTEM}


def titled(desk: Desk, process_key: str, task: str) -> str:
    """The title of a task of a process, in the reader's language."""
    return spoken(desk.language, task_title(process_of(process_key), task))
