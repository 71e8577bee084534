"""The flow of the four-part mechanism 四位一体: reads top to bottom like the protocol on paper.

It is evaluated after every act and tick. Stages guide, they do not cage: whatever is discretionary may have been done
by hand already, and then the flow finds it done.
"""

from datetime import datetime
from itertools import pairwise

from domain import protection_keys as p
from domain.state import CaseStatus, Item
from workflows.kernel import Case
from workflows.verbs import start_of


def protection(case: Case) -> None:
    """Ask for all that the protocol wants now."""
    case.ask(p.REPORT)
    _closing(case)
    if not case.is_open:
        _afterwards(case)
        return
    accepted = _report(case)
    _emergency(case, accepted)
    _assessment(case)
    _intervention(case)


def _report(case: Case) -> Item | None:
    """强制报告: take the report in, tell the police at once, tell the reporter what became of it."""
    reporter_told = case.fact("police_told") == "yes"
    asked = case.fact("police") == "yes" and not reporter_told
    told = case.ask(p.NOTIFY_POLICE) if asked else case.done(p.NOTIFY_POLICE)
    if reporter_told or (told and told.outcome != "not_needed"):
        case.ask(p.POLICE_RECEIPT)
    if case.fact("omission") == "yes":
        case.ask(p.OMISSION)
    accepted = case.done(p.ACCEPT) or case.done(p.COORDINATE)
    if accepted is None:
        accepted = case.ask(p.COORDINATE if case.state.hops >= 3 else p.ACCEPT)
    if accepted is None:
        return None
    if accepted.outcome == "screen_out":
        review = case.ask(p.SCREEN_OUT_REVIEW)
        if review and review.outcome == "confirm":
            case.finish(CaseStatus.SCREENED_OUT)
        return None
    case.ask(p.ACKNOWLEDGE)
    return accepted


def _emergency(case: Case, accepted: Item | None) -> None:
    """应急处置: see the child, decide whether it is safe, act."""
    checks = case.all_done(p.ONSITE_CHECK)
    reasons = _reasons_to_look(case, accepted, checks)
    if len(checks) < len(reasons):
        case.ask(p.ONSITE_CHECK, str(len(checks) + 1), {"accept.done": reasons[len(checks)]})
    for check in checks:
        if check.outcome == "missing":
            case.ask(p.SEARCH_MISSING, check.tag)
        if check.outcome != "door_closed":
            case.ask(p.SAFETY_DECISION, check.tag)
    _unseen(case, checks)
    for decision in _with(case, p.SAFETY_DECISION, "measures"):
        case.ask(p.NOTIFY_TOWNSHIP, decision.tag)
        for measure in _chosen(decision, "measures"):
            case.ask(measure, decision.tag)
    _measures(case)


def _measures(case: Case) -> None:
    """What a measure brings with it: a written handover, reviews and an exit, a review day."""
    for measure in p.REMOVALS:
        for removal in _with(case, measure, "done", "placed"):
            case.ask(p.HANDOVER, f"{measure}-{removal.tag}")
    for placement in _with(case, p.TEMPORARY_GUARDIANSHIP, "placed"):
        _temporary(case, placement)
    for reprimand in case.all_done(p.REPRIMAND):
        _review_day(case, reprimand)


def _reasons_to_look(case: Case, accepted: Item | None, checks: list[Item]) -> list[datetime]:
    """Since when the child had to be looked for: acceptance, a closed door, danger on a visit, a child found again."""
    reasons = [accepted.done_at] if accepted else []
    reasons += [check.done_at for check in checks if check.outcome == "door_closed"]
    reasons += [visit.done_at for visit in case.all_done(p.VISIT) if visit.outcome == "danger"]
    reasons += [search.done_at for search in case.all_done(p.SEARCH_MISSING) if search.outcome == "found"]
    return sorted(reason for reason in reasons if reason is not None)


def _unseen(case: Case, checks: list[Item]) -> None:
    """Nobody seen twice in a row is a new report: one at a time, and not again for what was dealt with."""
    answered = case.done(p.UNSEEN_REPORT)
    since = answered.done_at if answered else None
    pairs = (*_unseen_twice(checks), *_unseen_twice(case.all_done(p.VISIT)))
    fresh = [twice for twice in pairs if since is None or (twice.done_at and twice.done_at > since)]
    if fresh:
        case.ask(p.UNSEEN_REPORT, f"{fresh[0].task}-{fresh[0].tag}")


def _unseen_twice(looks: list[Item]) -> list[Item]:
    """The looks at which nobody opened for the second time in a row."""
    return [second for first, second in pairwise(looks) if first.outcome == second.outcome == "door_closed"]


def _temporary(case: Case, placement: Item) -> None:
    """Temporary guardianship is looked at again and again and must lead somewhere within a year (TMP-04, D-10)."""
    placed_at = {"temporary_guardianship.done": placement.done_at or case.now}
    if case.ask(p.TEMPORARY_EXIT, placement.tag, placed_at):
        return
    for n in range(1, 6):
        case.ask(p.TEMPORARY_REVIEW, f"{placement.tag}-{n}", placed_at)


def _assessment(case: Case) -> None:
    """评估帮扶: grade the risk, assess the guardianship, help by a plan, look at the plan again, visit."""
    if not case.done(p.SAFETY_DECISION):
        return
    graded = case.ask(p.GRADING)
    if graded is None:
        return
    visits = case.all_done(p.VISIT)
    since = visits[-1].done_at if visits else graded.done_at
    case.ask(p.VISIT, str(len(visits) + 1), {"visit.start": since or case.now})
    if not case.ask(p.ASSESSMENT):
        return
    plan = case.ask(p.HELP_PLAN)
    if plan is None or plan.outcome == "not_needed":
        return
    reviews = case.all_done(p.PLAN_REVIEW)
    for source in (plan, *(review for review in reviews if review.outcome == "change")):
        _services(case, source)
    last = reviews[-1] if reviews else plan
    if last.outcome != "finish":
        case.ask(p.PLAN_REVIEW, str(len(reviews) + 1), {"plan_review.start": last.done_at or case.now})


def _services(case: Case, source: Item) -> None:
    rows = source.codes.get("services", [])
    for n, row in enumerate(rows if isinstance(rows, list) else [], 1):
        if isinstance(row, dict):
            case.ask(p.SERVICE, f"{source.task}-{source.tag}-{n}", {"service.due": start_of(row["due"])})


def _intervention(case: Case) -> None:
    """监护干预: when the grading is red or the guardianship improper or absent, or started by hand at any time."""
    graded, assessed = case.done(p.GRADING), case.done(p.ASSESSMENT)
    red = graded is not None and graded.codes.get("colour") == "red"
    if red or (assessed is not None and assessed.codes.get("guardianship") in ("improper", "absent")):
        case.ask(p.CONFERENCE)
    for conference in case.all_done(p.CONFERENCE):
        for decision in _chosen(conference, "decisions"):
            if decision != "none":
                case.ask(decision, conference.tag)
    for warning in case.all_done(p.WARNING):
        _review_day(case, warning)
    for application in _with(case, p.ORDER_APPLICATION, "accepted"):
        _order(case, application)
    for revocation in _with(case, p.REVOCATION_DECISION, "file", "others"):
        filed = case.ask(p.REVOCATION_FILING, revocation.tag)
        if filed and filed.outcome == "filed":
            case.ask(p.REVOCATION_JUDGMENT, revocation.tag)


def _review_day(case: Case, warning: Item) -> None:
    """Every warning gets a review day."""
    if day := warning.codes.get("review_day"):
        case.ask(p.WARNING_REVIEW, f"{warning.task}-{warning.tag}", {"warning_review.due": start_of(str(day))})


def _order(case: Case, application: Item) -> None:
    """人身安全保护令: the court's decision, and its renewal before the validity ends (ORD-01, ORD-03)."""
    decision = case.ask(p.ORDER_DECISION, application.tag)
    n = 1
    while decision and decision.outcome in ("granted", "renewed"):
        due = start_of(str(decision.codes["valid_until"]))
        decision = case.ask(p.ORDER_RENEWAL, f"{application.tag}-{n}", {"order_renewal.due": due})
        n += 1


def _closing(case: Case) -> None:
    """结案: asked for by hand, allowed by another person, refused while safety work is open.

    When there is nobody left to protect here (death, full age, moved away) the case is ended without more work.
    """
    proposal = case.done(p.PROPOSE_CLOSE)
    approving = {"propose": p.APPROVE_CLOSE, "end": p.APPROVE_END}.get(proposal.outcome) if proposal else None
    if proposal and approving:
        approval = case.ask(approving, proposal.tag)
        if approval and approval.outcome == "approve":
            case.finish(CaseStatus.CLOSED)


def _afterwards(case: Case) -> None:
    """A case that has ended is still told to the reporter, and can be opened again while the window lasts (D-28)."""
    case.ask(p.REOPEN_WINDOW)
    if case.state.status is not CaseStatus.MERGED:
        case.ask(p.FINAL_FEEDBACK)


def _with(case: Case, task: str, *outcomes: str) -> list[Item]:
    return [item for item in case.all_done(task) if item.outcome in outcomes]


def _chosen(item: Item, field: str) -> list[str]:
    chosen = item.codes.get(field, [])
    return [choice for choice in chosen if isinstance(choice, str)] if isinstance(chosen, list) else []
