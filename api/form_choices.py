"""What some questions need beside themselves: the counties and townships to pick from, the rows of a help plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from api.forms import FormState
from api.task_answers import county_name, shown_rows
from domain.process import FieldKind, Level, Option, Outcome
from domain.protection_forms import PROVIDERS, SERVICE_KINDS
from domain.territory import LENGTHS, Gazetteer

Choice = tuple[str, str]
PROVINCE = "22"
_COUNTY_DIGITS = LENGTHS[Level.COUNTY]


@dataclass(frozen=True, slots=True)
class Choices:
    """Given to the template as ``more``."""

    counties: tuple[Choice, ...] = ()
    townships: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    villages: tuple[Choice, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    services: tuple[Option, ...] = SERVICE_KINDS
    providers: tuple[Option, ...] = PROVIDERS


def choices_for(outcome: Outcome, form: FormState, near: str, on: date) -> Choices:
    """The choices of ``outcome`` as the page shows it. ``near``: the territory that is meant when none is picked yet.

    Fills in the county select of ``form`` when it is empty.
    """
    places = [question for question in outcome.fields if question.kind is FieldKind.TERRITORY]
    townships: dict[str, tuple[Choice, ...]] = {}
    for question in places:
        name = county_name(question)
        if not form.value(name):
            form.values[name] = (form.value(question.key) or near)[:_COUNTY_DIGITS]
        townships[question.key] = below(form.value(name), on)
    rows = {q.key: shown_rows(q, form) for q in outcome.fields if q.kind is FieldKind.SERVICES}
    asks_village = any(question.kind is FieldKind.VILLAGE for question in outcome.fields)
    villages = below(near[: LENGTHS[Level.TOWNSHIP]], on) if asks_village else ()
    return Choices(counties(on) if places else (), townships, villages, rows)


@lru_cache(maxsize=4)
def counties(on: date) -> tuple[Choice, ...]:
    """All counties with the names of their cities, in the order of their codes."""
    gazetteer = Gazetteer.load()
    return tuple(
        (county.code, city.name + county.name if county.name != city.name else county.name)
        for city in gazetteer.children(PROVINCE, on)
        for county in gazetteer.children(city.code, on)
    )


@lru_cache(maxsize=128)
def below(code: str, on: date) -> tuple[Choice, ...]:
    """The townships of a county, or the villages of a township; empty for an unknown code."""
    return tuple((place.code, place.name) for place in Gazetteer.load().children(code, on))
