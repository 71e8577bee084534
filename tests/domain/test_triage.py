"""The triage table over its whole domain: one row for each input, red triggers, no reward for danger or silence."""

from collections import Counter
from dataclasses import replace

import pytest

from domain import triage as module
from domain.triage import (
    AGE_BANDS,
    CARES,
    DANGERS,
    NINE,
    SITUATIONS,
    TABLE,
    TABLE_VERSION,
    AgeBand,
    Care,
    Colour,
    Danger,
    Situation,
    SituationSet,
    TableFault,
    TriageInput,
    every_input,
    triage,
)

DOMAIN = tuple(every_input())
UNDER_16 = {AgeBand.UNDER_8, AgeBand.FROM_8, AgeBand.FROM_14}
YOUNGEST_FIRST = (AgeBand.UNDER_8, AgeBand.FROM_8, AgeBand.FROM_14, AgeBand.FROM_16)


def severity(case: TriageInput) -> int:
    return triage(case).colour.severity


def red_trigger(case: TriageInput) -> bool:
    """The red triggers as the reference lists them, written apart from the table."""
    return (
        case.situation in NINE
        or case.situation in {Situation.LB_MISSING, Situation.LB_VIOLENCE, Situation.LB_HARM}
        or case.danger is Danger.YES
        or (case.care is Care.UNATTENDED and case.age is AgeBand.UNDER_8)
        or (Care.LIVES_ALONE is case.care and case.age in UNDER_16)
        or (case.situation is Situation.LIVING_ALONE and case.age is not AgeBand.FROM_16)
    )


def test_exactly_one_row_answers_for_every_input() -> None:
    assert len(DOMAIN) == 15 * 5 * 3 * 4
    hits = Counter(len([row for row in TABLE if row.matches(case)]) for case in DOMAIN)
    assert hits == {1: len(DOMAIN)}


def test_every_row_answers_for_something_and_has_its_own_name() -> None:
    used = {triage(case).row for case in DOMAIN}
    assert used == {row.id for row in TABLE}
    assert len({row.title for row in TABLE}) == len(TABLE)


def test_red_exactly_when_a_red_trigger_is_there() -> None:
    for case in DOMAIN:
        assert (triage(case).colour is Colour.RED) == red_trigger(case), case


def test_more_danger_never_lowers_the_colour() -> None:
    for case in DOMAIN:
        steps = [severity(replace(case, danger=danger)) for danger in (Danger.NO, Danger.UNKNOWN, Danger.YES)]
        assert steps == sorted(steps), case


def test_less_care_never_lowers_the_colour() -> None:
    for case in DOMAIN:
        cared = severity(replace(case, care=Care.CARED))
        unknown = severity(replace(case, care=Care.UNKNOWN))
        assert cared <= unknown <= severity(replace(case, care=Care.UNATTENDED)), case
        assert cared <= severity(replace(case, care=Care.LIVES_ALONE)), case


def test_a_younger_child_never_gets_a_lower_colour() -> None:
    for case in DOMAIN:
        steps = [severity(replace(case, age=age)) for age in YOUNGEST_FIRST]
        assert steps == sorted(steps, reverse=True), case


def test_an_unknown_age_is_never_lower_than_the_oldest_and_at_least_yellow_where_an_age_would_be_red() -> None:
    for case in (case for case in DOMAIN if case.age is AgeBand.UNKNOWN):
        known = [severity(replace(case, age=age)) for age in YOUNGEST_FIRST]
        assert severity(case) >= min(known), case
        if max(known) == Colour.RED.severity:
            assert severity(case) >= Colour.YELLOW.severity, case


def test_green_only_when_every_answer_is_known_and_calm() -> None:
    green = [case for case in DOMAIN if triage(case).colour is Colour.GREEN]
    assert green
    for case in green:
        assert (case.situation, case.danger, case.care) == (Situation.UNSURE, Danger.NO, Care.CARED)
        assert case.age not in {AgeBand.UNKNOWN, AgeBand.UNDER_8}


def test_a_guardian_who_cannot_care_is_at_least_yellow() -> None:
    for case in DOMAIN:
        if case.situation is Situation.GUARDIAN_UNABLE:
            assert severity(case) >= Colour.YELLOW.severity, case


def test_a_report_that_knows_nothing_is_yellow() -> None:
    decision = triage(TriageInput(Situation.UNSURE))
    assert (decision.colour, decision.row, decision.version) == (Colour.YELLOW, "Y9", TABLE_VERSION)
    assert decision.title and decision.basis and not decision.police


def test_police_are_told_of_the_nine_of_violence_of_the_missing_and_of_present_danger() -> None:
    told = NINE | {Situation.LB_VIOLENCE, Situation.LB_HARM, Situation.LB_MISSING}
    for case in DOMAIN:
        assert triage(case).police == (case.situation in told or case.danger is Danger.YES), case


def test_a_gap_and_an_overlap_are_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TABLE", TABLE[1:])
    with pytest.raises(TableFault, match="0 rows"):
        triage(TriageInput(Situation.ORG_BEGGING))
    monkeypatch.setattr(module, "TABLE", (*TABLE, TABLE[0]))
    with pytest.raises(TableFault, match="2 rows"):
        triage(TriageInput(Situation.ORG_BEGGING))


def test_every_answer_has_its_chinese_words() -> None:
    assert [info.code for info in SITUATIONS] == list(Situation)
    assert Counter(info.set for info in SITUATIONS) == {
        SituationSet.NINE: 9,
        SituationSet.LEFT_BEHIND: 5,
        SituationSet.UNSURE: 1,
    }
    assert [option.key for option in AGE_BANDS] == list(AgeBand)
    assert [option.key for option in DANGERS] == list(Danger)
    assert [option.key for option in CARES] == list(Care)
    assert all(info.title and info.legal for info in SITUATIONS)
