"""The published cases as they are written down in ``published.json``; nothing is added to them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("published.json")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a published timeline. ``when`` as the source has it, "" when it does not say."""

    when: str
    who: str
    act: str
    stage: str


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """One published case. What the source does not say is None or ""."""

    id: str
    title: str
    process: str
    reporter: str
    discovered_on: str
    reported_on: str
    place: str
    child_name: str
    child_sex: str
    child_age: int | None
    situation: str
    narrative: str
    guardian_relation: str
    guardian_condition: str
    guardian_suspected: bool | None
    timeline: tuple[Happening, ...]
    measures: tuple[str, ...]
    outcome: str


def published_cases(*processes: str) -> list[PublishedCase]:
    """The cases of these main processes in the order of the file; all of them without any."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    return [_case(entry) for entry in entries if not processes or entry["process"] in processes]


def _case(entry: dict[str, Any]) -> PublishedCase:
    child, guardian, place = entry["child"], entry["guardian"], entry["place"]
    return PublishedCase(
        id=entry["id"],
        title=entry["title"],
        process=entry["process"],
        reporter=entry["reporter"]["kind"],
        discovered_on=entry["discovered_on"] or "",
        reported_on=entry["reported_on"] or "",
        place="".join(dict.fromkeys(place[part] for part in ("province", "city", "county") if place[part])),
        child_name=child["pseudonym"] or "",
        child_sex=child["sex"] or "",
        child_age=child["age"],
        situation=entry["situation"] or "",
        narrative=entry["narrative"],
        guardian_relation=guardian["relation"] or "",
        guardian_condition=guardian["condition"] or "",
        guardian_suspected=guardian["suspected_of_harm"],
        timeline=tuple(Happening(h["when"] or "", h["who"], h["act"], h["stage"]) for h in entry["timeline"]),
        measures=tuple(entry["measures"]),
        outcome=entry["outcome"] or "",
    )
