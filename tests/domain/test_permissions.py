"""Who may do what: the whole table of roles, verbs, territories and case states."""

from itertools import product

import pytest

from domain.acts import ActKind
from domain.permissions import (
    CASE_RIGHTS,
    DESK,
    OFFICE_RIGHTS,
    ROLE_TITLES,
    SEES_INVOLVED,
    SEES_TERRITORY,
    VERB_OF_ACT,
    Reason,
    Verb,
    may,
    may_in_office,
    reaches,
)
from domain.process import Role
from domain.state import CaseStatus

CASE = "220104001"
ALL_ROLES = [role.value for role in Role]


def decide(
    role: Role,
    verb: Verb = Verb.READ_CASE,
    post: str = "220104",
    involved: list[str] | None = None,
    status: CaseStatus = CaseStatus.OPEN,
) -> Reason | None:
    """The reason why not, None when allowed."""
    roles = ALL_ROLES if involved is None else involved
    return may(verb, role, post, CASE, involved=roles, status=status).reason


def test_every_verb_is_about_a_case_or_about_the_office() -> None:
    assert set(CASE_RIGHTS) | set(OFFICE_RIGHTS) == set(Verb)
    assert not set(CASE_RIGHTS) & set(OFFICE_RIGHTS)


def test_every_act_a_person_may_send_has_its_verb() -> None:
    assert set(VERB_OF_ACT) == set(ActKind) - {ActKind.RETIME}


def test_every_role_has_a_title() -> None:
    assert set(ROLE_TITLES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_a_post_elsewhere_sees_nothing_whatever_its_role(role: Role) -> None:
    for verb, post in product(CASE_RIGHTS, ("220122", "2202", "220104002", "220104001001", "23", "")):
        reason = decide(role, verb, post)
        assert reason in {Reason.OUT_OF_TERRITORY, Reason.ROLE_SEES_NO_CASES}
        assert reason.hides


@pytest.mark.parametrize("post", ["22", "2201", "220104", "220104001"])
def test_a_post_above_or_at_the_place_reaches_it(post: str) -> None:
    assert reaches(post, CASE)
    assert decide(Role.COUNTY_OFFICER, post=post) is None


@pytest.mark.parametrize("role", [Role.REPORTER, Role.REGISTRAR, Role.ADMINISTRATOR, Role.SYSTEM])
def test_reporters_registrars_administrators_see_no_case(role: Role) -> None:
    assert all(decide(role, verb) is Reason.ROLE_SEES_NO_CASES for verb in CASE_RIGHTS)


@pytest.mark.parametrize("role", sorted(SEES_INVOLVED))
def test_field_roles_see_a_case_exactly_when_they_are_involved(role: Role) -> None:
    assert decide(role, involved=[role.value]) is None
    assert decide(role, involved=[other for other in ALL_ROLES if other != role]) is Reason.ROLE_NOT_INVOLVED
    assert Reason.ROLE_NOT_INVOLVED.hides


@pytest.mark.parametrize("role", sorted(SEES_TERRITORY))
def test_the_office_sees_a_case_nobody_is_involved_in(role: Role) -> None:
    assert decide(role, involved=[]) is None


@pytest.mark.parametrize("verb", [Verb.EXTEND, Verb.STOP, Verb.RESTART, Verb.DECIDE_LINK, Verb.READ_REPORTER])
@pytest.mark.parametrize("role", sorted(SEES_TERRITORY | SEES_INVOLVED))
def test_the_county_alone_leads_a_case(role: Role, verb: Verb) -> None:
    reason = decide(role, verb)
    assert reason is (None if role in DESK else Reason.ROLE_MAY_NOT)
    assert not Reason.ROLE_MAY_NOT.hides


@pytest.mark.parametrize("status", CaseStatus)
def test_what_needs_an_open_case_is_refused_on_any_other(status: CaseStatus) -> None:
    for verb in (Verb.START, Verb.HOLD, Verb.RESUME, Verb.JOIN):
        expected = None if status is CaseStatus.OPEN else Reason.CASE_NOT_OPEN
        assert decide(Role.COUNTY_OFFICER, verb, status=status) is expected
    assert decide(Role.COUNTY_OFFICER, Verb.DO, status=status) is None


def test_only_an_administrator_reads_the_trail_and_imports_the_calendar() -> None:
    for verb in (Verb.READ_AUDIT, Verb.IMPORT_CALENDAR, Verb.MANAGE_PEOPLE):
        assert [role for role in Role if may_in_office(verb, role)] == [Role.ADMINISTRATOR]


def test_a_decision_is_true_exactly_when_allowed() -> None:
    allowed = may(Verb.DO, Role.COUNTY_OFFICER, "22", CASE, involved=[], status=CaseStatus.OPEN)
    refused = may(Verb.DO, Role.REPORTER, "22", CASE, involved=[], status=CaseStatus.OPEN)
    assert allowed and allowed.allowed and allowed.reason is None
    assert not refused and not refused.allowed
