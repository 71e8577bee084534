"""A report as it is checked at the border: one way for the page and the API, with the same words for what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from api.answer_types import IN_THE_FUTURE, UNKNOWN_FIELD
from api.task_forms import OUTCOME, Given, check, schema_of
from domain.acts import Actor
from domain.checks import Invalid, age_band, age_on, check_id_number
from domain.matching import tokens
from domain.phrase import Phrase
from domain.process import Level
from domain.report_form import FILED, FORM, QUESTIONS, REPORTER_FIELDS
from domain.territory import LENGTHS
from domain.triage import AgeBand, Care, Danger, Decision, Situation, TriageInput, triage
from domain.words import N_
from domain.zone import CHINA
from store.front_door import NewReport
from store.trail import NOWHERE, Trace

WHEN = N_("请选择什么时候发现的，说不准就选“不清楚”")
WHEN_EXACTLY = N_("请写明发现的日期和时间，或选“不清楚”")
BIRTH_DIFFERS = N_("与身份证号中的出生日期不一致，请核对")
AGE_DIFFERS = N_("与出生日期不一致，请核对")
AGE_SLACK_YEARS = 2
"""Ages are often told by the traditional count 虚岁, up to two years more."""

_AGE_FIELDS = ("child_id_number", "child_birth", "child_age")
Errors = dict[str, Phrase]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a report: a person signed in, a unit by its link, or (neither) a member of the public."""

    actor: Actor | None = None
    unit: UUID | None = None
    trace: Trace = NOWHERE


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was checked. ``answers``: cleaned, blank ones left out; ``errors``: by question, in its order."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    discovered_at: datetime | None = None
    age_band: AgeBand = AgeBand.UNKNOWN
    birth: date | None = None
    errors: Mapping[str, Phrase] = field(default_factory=dict)

    @property
    def decision(self) -> Decision:
        """The first colour of the report and whether the police must be told."""
        given = self.answers
        return _decide(
            TriageInput(
                Situation(given["situation"]),
                self.age_band,
                Danger(given.get("danger", Danger.UNKNOWN)),
                Care(given.get("care", Care.UNKNOWN)),
            )
        )


_decide = cache(triage)  # its whole domain is some hundred inputs


@cache
def report_schema() -> dict[str, Any]:
    """The JSON schema of a report, for the API document."""
    schema = schema_of(FORM)
    schema["properties"].pop(OUTCOME)
    schema["required"].remove(OUTCOME)
    return schema


def check_report(given: Given, now: datetime) -> Filed:
    """Check a whole report. ``now``: the instant of receipt, aware; nothing may have been discovered after it."""
    if OUTCOME in given.values:
        return Filed(errors={OUTCOME: Phrase(UNKNOWN_FIELD)})
    parsed = check(FORM, FILED, given, now)
    if parsed.errors:
        return Filed(errors=_with_when(given, dict(parsed.errors)))
    answers = {**parsed.codes, **parsed.content}
    errors: Errors = {}
    discovered = _discovered(answers, now, errors)
    birth = _birth(answers, errors)
    band = _age_band(answers, birth, (discovered or now).astimezone(CHINA).date(), errors)
    return Filed(errors=errors) if errors else Filed(answers, discovered, band, birth)


def _with_when(given: Given, errors: Errors) -> Errors:
    """What is missing of the time of discovery is said together with the rest."""
    if "found" not in errors and not given.values.get("found") and not given.values.get("found_at"):
        errors.setdefault("found", Phrase(WHEN))
    order = list(QUESTIONS)
    return {key: errors[key] for key in sorted(errors, key=lambda key: order.index(key) if key in order else 99)}


def _discovered(answers: dict[str, Any], now: datetime, errors: Errors) -> datetime | None:
    """When it was discovered; None when that is not known. "Now" is the full minute, as typed times are."""
    typed = answers.get("found_at")
    found = answers.setdefault("found", "at" if typed else "")
    if found != "at":
        answers.pop("found_at", None)
    if found == "now":
        return now.replace(second=0, microsecond=0)
    if found == "unclear":
        return None
    if typed is None:
        errors["found_at" if found else "found"] = Phrase(WHEN_EXACTLY if found else WHEN)
        return None
    instant = datetime.fromisoformat(str(typed)).astimezone(UTC)
    if instant > now:
        errors["found_at"] = Phrase(IN_THE_FUTURE)
    return instant


def _birth(answers: Mapping[str, Any], errors: Errors) -> date | None:
    """The day of birth as said, or as the ID number has it; they must agree."""
    number, said = answers.get("child_id_number"), answers.get("child_birth")
    birth = date.fromisoformat(str(said)) if said else None
    if number is None:
        return birth
    known = check_id_number(str(number)).birth
    if birth is not None and birth != known:
        errors["child_birth"] = Phrase(BIRTH_DIFFERS)
    return known


def _age_band(answers: Mapping[str, Any], birth: date | None, day: date, errors: Errors) -> AgeBand:
    """The age in years on ``day``, by birth if that is known, else as said."""
    said = answers.get("child_age")
    asked = next((key for key in _AGE_FIELDS if answers.get(key) is not None), "child_age")
    try:
        by_birth = age_on(birth, day) if birth else None
        band = age_band(by_birth if birth else said)
    except Invalid as wrong:
        errors.setdefault(asked, Phrase(wrong.message))
        return AgeBand.UNKNOWN
    if by_birth is not None and said is not None and abs(int(said) - by_birth) > AGE_SLACK_YEARS:
        errors["child_age"] = Phrase(AGE_DIFFERS)
    return band


def new_report(filed: Filed, sender: Sender, key: str) -> NewReport:
    """What the front door stores. ``key``: the idempotency key, or "" for none."""
    given, decision = filed.answers, filed.decision
    territory = str(given["territory"])
    actor = sender.actor
    return NewReport(
        territory=territory,
        situation=str(given["situation"]),
        danger=str(given.get("danger", Danger.UNKNOWN)),
        age_band=filed.age_band,
        care=str(given.get("care", Care.UNKNOWN)),
        colour=decision.colour,
        triage_row=decision.row,
        police_told=given.get("police_told") == "yes",
        omission=given.get("omission") == "yes",
        content={name: value for name, value in given.items() if name not in REPORTER_FIELDS},
        reporter={name: value for name, value in given.items() if name in REPORTER_FIELDS},
        keep_secret=bool(given.get("keep_secret", True)),
        tokens=_tokens(filed, territory[: LENGTHS[Level.COUNTY]]),
        unit=UUID(actor.unit) if actor and actor.unit else sender.unit,
        actor=actor,
        discovered_at=filed.discovered_at,
        idempotency_key=key,
        trace=sender.trace,
    )


def _tokens(filed: Filed, county: str) -> Mapping[str, str]:
    name = filed.answers.get("child_name")
    year = filed.birth.year if filed.birth else None
    return {kind.value: text for kind, text in tokens(str(name), year, county).items()} if name else {}
