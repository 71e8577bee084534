"""A published case as it reaches the office: what is reported, by whom, when, and what is told after the report.

Dates are moved as a whole so that the report is received at a given instant; all intervals stay.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain

from domain.territory import Gazetteer
from domain.zone import CHINA
from tests.cases.instants import Placed, earliest, is_day, place
from tests.cases.published import Happening, PublishedCase
from tests.cases.table import BACKGROUND, EVERYBODY, OMISSION, OMITTED, OWN_LINES, POLICE_TOLD, rows_for

CALL_BACK = "0431-88905555"
"""A report needs a number to call back; no source prints one."""

Answers = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Story:
    """A case ready to be filed and taken along its timeline. ``after``: what is told from the report on.

    ``police_filed``: the police or a court had the matter already when it was reported.
    """

    case: PublishedCase
    received: datetime
    discovered: datetime | None
    police_told: bool
    police_filed: bool
    omitted: str
    knew_on: str
    after: tuple[Placed, ...]

    @property
    def form(self) -> Answers:
        """The body of ``POST /api/v1/reports``, as the reporter would give it; what is not known is left out."""
        case = self.case
        given: Answers = {
            "situation": case.situation or "UNSURE",
            "narrative": case.narrative,
            "found": "unclear",
            "territory": township_for(case.place),
            "place": case.place,
            "reporter_phone": CALL_BACK,
            "reporter_relation": _RELATIONS.get(case.reporter, "other"),
            "child_name": case.child_name,
            "child_sex": {"男": "male", "女": "female"}.get(case.child_sex, ""),
            "guardian_relation": _GUARDIANS.get(case.guardian_relation, ""),
            "guardian_suspected": {True: "yes", False: "no", None: ""}[case.guardian_suspected],
            "police_told": "yes" if self.police_told else "",
            "omission": "yes" if self.omitted else "",
        }
        if self.discovered == self.received:
            given["found"] = "now"
        elif self.discovered:
            given |= {"found": "at", "found_at": self.discovered.isoformat()}
        if case.child_age is not None:
            given["child_age"] = case.child_age
        return {key: value for key, value in given.items() if value != ""}


_RELATIONS = {
    "school": "teacher",
    "kindergarten": "teacher",
    "hospital": "doctor",
    "village_committee": "village",
    "child_director": "village",
    "social_org": "social_worker",
}
_GUARDIANS = {"父亲": "father", "母亲": "mother", "父母": ""}


def township_for(source: str) -> str:
    """The township of Jilin that stands for a place elsewhere: always the same one for the same place."""
    townships = _townships()
    return townships[int(hashlib.sha256(source.encode()).hexdigest(), 16) % len(townships)]


@cache
def _townships() -> tuple[str, ...]:
    book = Gazetteer.load()
    counties = chain.from_iterable(book.children(city.code) for city in book.children("22"))
    return tuple(place.code for county in counties for place in book.children(county.code))


def tell(case: PublishedCase, received: datetime | None = None) -> Story:
    """The story of a case. ``received``: when the report arrives; else the same weekday and time of a recent week."""
    placed = place(case.timeline)
    reported_at, first = _report(case, placed)
    reported_at = max(reported_at, earliest(case.discovered_on) or reported_at)
    before = [line for line in placed[: first + 1] if line.at <= reported_at and not BACKGROUND.search(line.what.act)]
    omission = next((line for line in before if _is_omission(line.what)), None)
    police_filed = any(line.what.who in ("公安", "法院") for line in before)
    shift = (received or _recent(reported_at)) - reported_at
    known = _discovered(case, before)
    after = [placed[first], *_undated_measures(case, placed[first:], reported_at), *placed[first + 1 :]]
    return Story(
        case=case,
        received=reported_at + shift,
        discovered=min(known, reported_at) + shift if known else None,
        police_told=police_filed or bool(POLICE_TOLD.search(case.narrative)),
        police_filed=police_filed,
        omitted=OMITTED.get(omission.what.who, "other") if omission else "",
        knew_on=_day(omission.at + shift) if omission and is_day(omission.what.when) else "",
        after=tuple(Placed(max(line.at, reported_at) + shift, line.what) for line in after),
    )


FIRST_WEEK = datetime(2026, 1, 5, tzinfo=CHINA)
_WEEK = timedelta(days=7)


def _recent(at: datetime) -> datetime:
    """Moved on by whole weeks, so that weekday and time of day stay."""
    return at + _WEEK * max(0, -((at - FIRST_WEEK) // _WEEK))


def _report(case: PublishedCase, placed: list[Placed]) -> tuple[datetime, int]:
    """When the case was reported, and the number of the line it was reported with.

    The reporter's own last line of the stage ``report`` (not after the published day), else anybody's; a case that
    has none is reported on the published day, else with its first line.
    """
    day = earliest(case.reported_on) if is_day(case.reported_on) else None
    told = [
        n for n, line in enumerate(placed)
        if line.what.stage == "report" and not BACKGROUND.search(line.what.act)
        and (day is None or line.at.date() <= day.date())
    ]  # fmt: skip
    own = [n for n in told if placed[n].what.who == OWN_LINES.get(case.reporter)]
    if own or told:
        first = (own or told)[-1]
        return (max(placed[first].at, day) if day else placed[first].at), first
    if day:
        return day, next(n for n, line in enumerate(placed) if line.at >= day)
    return placed[0].at, 0


def _discovered(case: PublishedCase, before: list[Placed]) -> datetime | None:
    """When the reporter first knew: as published, else with the first line of its own before the report."""
    lines = [line for line in before if case.discovered_on and line.what.when.startswith(case.discovered_on)]
    own = [line for line in lines or before if line.what.who == OWN_LINES.get(case.reporter)]
    if not case.discovered_on:
        return own[0].at if own else None
    return (own or lines)[0].at if own or lines else earliest(case.discovered_on)


def _is_omission(line: Happening) -> bool:
    return line.who in OMITTED and OMISSION.search(line.act) is not None


def _undated_measures(case: PublishedCase, after: list[Placed], at: datetime) -> list[Placed]:
    """Measures that the timeline does not carry: done as early as possible, which is at once."""
    carried = {row.task for line in after for row in rows_for(line.what) if not row.implied}
    lines = [Happening("", EVERYBODY, measure, "response") for measure in case.measures]
    return [Placed(at, line) for line in lines if any(row.task not in carried for row in rows_for(line))]


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()
