"""A clock as pages show it: its state in words, its legal basis, and what has been done to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.i18n import Language
from api.offers import ClockOffer
from api.titles import CLOCK_STATUSES, LIMIT, WAIT
from domain.basis_words import STATUTORY, TARGET, basis_words, length_words
from domain.process import Process
from domain.rule import Kind, Rule
from domain.rules import RuleBook
from domain.state import ClockStatus
from domain.words import N_
from domain.zone import CHINA
from store.tables import Clock

SOON = timedelta(hours=24)
OVERDUE_BY = N_("逾期 %(length)s")
LEFT = N_("还剩 %(length)s")
WAIT_LEFT = N_("还须等 %(length)s")
NO_LIMIT = N_("没有时限")
ON_TIME = N_("按时完成")
LATE = N_("逾期完成")


@dataclass(frozen=True, slots=True)
class Badge:
    """How much time is left: ``state`` picks the mark (overdue, soon, ok, paused, done), ``text`` says it."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One row of the clocks of a case. All texts are in the reader's language."""

    id: str
    item: str
    title: str
    kind: str
    statutory: bool
    nature: str
    basis: str
    badge: Badge
    started_at: datetime
    due_at: datetime
    due: str
    provisional: bool
    extensions: int
    extendable: int
    stops: tuple[tuple[str, datetime, datetime | None], ...]
    met_at: datetime | None
    breached_at: datetime | None
    breached: str
    offer: ClockOffer


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law demands of open work without giving a number: its word, and where it stands."""

    task: str
    title: str
    length: str
    basis: str


def duties(
    process: Process, tasks: Mapping[str, datetime], facts: Mapping[str, str], book: RuleBook, language: Language
) -> list[Duty]:
    """The demands without a number on open ``tasks`` (with the instant each was opened), each once, as law."""
    say = language.gettext
    found: dict[str, Duty] = {}
    for task, opened_at in sorted(tasks.items(), key=lambda entry: (entry[1], entry[0])):
        for rule in book.for_task(process.key, task, facts, opened_at.astimezone(CHINA).date()):
            if not rule.armed:
                title = say(process.task(task).title)
                found[rule.key] = Duty(title, say(rule.title), length_words(rule).said(say), basis_words(rule))
    return list(found.values())


def time_left(due_at: datetime | None, now: datetime, language: Language, *, wait: bool = False) -> Badge:
    """The badge of a running clock, or of work that has none."""
    say = language.gettext
    if due_at is None:
        return Badge("paused", say(NO_LIMIT))
    left = due_at - now
    length = {"length": language.length(left)}
    if wait:
        return Badge("ok", say(WAIT_LEFT) % length if left > timedelta() else say(CLOCK_STATUSES[ClockStatus.OVER]))
    if left <= timedelta():
        return Badge("overdue", say(OVERDUE_BY) % length)
    return Badge("soon" if left <= SOON else "ok", say(LEFT) % length)


def moment_words(at: datetime, language: Language) -> str:
    """An instant as people write it; the end of a day is 24:00 of that day, not 0:00 of the next."""
    local = at.astimezone(CHINA)
    if (local.hour, local.minute) == (0, 0):
        return f"{language.day((local - timedelta(days=1)).date())} 24:00"
    return language.instant(at)


def badge_of(clock: Clock, now: datetime, language: Language) -> Badge:
    """The badge of a clock wherever it stands."""
    say = language.gettext
    status = ClockStatus(clock.status)
    if status is ClockStatus.RUNNING:
        return time_left(clock.due_at, now, language, wait=clock.kind == Kind.WAIT)
    if status is ClockStatus.MET and clock.kind == Kind.LIMIT:
        return Badge("overdue", say(LATE)) if clock.breached_at else Badge("done", say(ON_TIME))
    return Badge("paused" if status is ClockStatus.STOPPED else "done", say(CLOCK_STATUSES[status]))


def nature_of(statutory: bool, language: Language) -> str:
    """Whether the law sets the limit or the office itself: never left to guess."""
    return language.gettext(STATUTORY if statutory else TARGET)


def rule_of(book: RuleBook, ref: str) -> Rule | None:
    """The version a clock is bound to; None when the packs in use no longer have it."""
    try:
        return book.get(ref)
    except KeyError:
        return None


def clock_lines(
    clocks: Collection[Clock], book: RuleBook, offered: dict[str, ClockOffer], now: datetime, language: Language
) -> list[ClockLine]:
    """All clocks of a case: live ones first, the most urgent on top; those taken back are left out."""
    shown = [clock for clock in clocks if clock.status != ClockStatus.WITHDRAWN]
    live = {ClockStatus.RUNNING, ClockStatus.STOPPED}
    ordered = sorted(shown, key=lambda clock: (clock.status not in live, clock.due_at, clock.id))
    return [_line(clock, book, offered.get(clock.id, ClockOffer()), now, language) for clock in ordered]


def _line(clock: Clock, book: RuleBook, offer: ClockOffer, now: datetime, language: Language) -> ClockLine:
    rule = rule_of(book, clock.rule)
    say = language.gettext
    return ClockLine(
        id=clock.id,
        item=clock.item,
        title=say(rule.title) if rule else clock.rule.partition("@")[0],
        kind=clock.kind,
        statutory=clock.statutory,
        nature=nature_of(clock.statutory, language),
        basis=basis_words(rule) if rule else "",
        badge=badge_of(clock, now, language),
        started_at=clock.start_at,
        due_at=clock.due_at,
        due=f"{say(LIMIT if clock.kind == Kind.LIMIT else WAIT)} {moment_words(clock.due_at, language)}",
        provisional=clock.provisional,
        extensions=clock.extensions,
        extendable=clock.extendable,
        stops=tuple(_stop(stop, book, language) for stop in clock.stops),
        met_at=clock.met_at,
        breached_at=clock.breached_at,
        breached=moment_words(clock.breached_at, language) if clock.breached_at else "",
        offer=offer,
    )


def stop_title(book: RuleBook, reason: str, language: Language) -> str:
    """The ground on which the law stops a clock, with its article."""
    ground = book.stop_reasons.get(reason)
    return f"{language.gettext(ground.title)}（{ground.basis.instrument} {ground.basis.article}）" if ground else reason


def _stop(stop: dict[str, str | None], book: RuleBook, language: Language) -> tuple[str, datetime, datetime | None]:
    since, until = stop["since"], stop["until"]
    return (
        stop_title(book, str(stop["reason"]), language),
        datetime.fromisoformat(str(since)),
        datetime.fromisoformat(until) if until else None,
    )
