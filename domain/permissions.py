"""Who may do what: role x verb x territory x state of the case, as one table.

A post reaches a case when its territory is a prefix of the case's territory and its role may see it. Lists filter by
the same table (``store/scope.py``), so that what a list shows is what a single look allows. The kernel decides further
(which role may end which task, who holds an item): this table only says who may knock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from domain.acts import ActKind
from domain.process import Role
from domain.state import CaseStatus
from domain.words import N_


class Verb(StrEnum):
    """What a person may want. The first group is about one case, the second about the office."""

    READ_CASE = "read_case"
    READ_REPORT = "read_report"  # what was reported, decrypted
    READ_REPORTER = "read_reporter"  # who reported, decrypted: a key domain of its own
    DO = "do"
    CLAIM = "claim"
    RELEASE = "release"
    HOLD = "hold"
    RESUME = "resume"
    START = "start"
    EXTEND = "extend"
    STOP = "stop"
    RESTART = "restart"
    JOIN = "join"
    PART = "part"
    DECIDE_LINK = "decide_link"  # same child or not: a suggestion is dismissed or merged

    SEARCH = "search"  # look for a child by name, birth, place
    READ_BOARD = "read_board"  # counts of a territory
    READ_AUDIT = "read_audit"
    READ_RULES = "read_rules"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_UNITS = "manage_units"
    IMPORT_CALENDAR = "import_calendar"


class Reason(StrEnum):
    """Why not. The first three are answered 404: whoever may not see a case may not learn that it exists."""

    OUT_OF_TERRITORY = "out_of_territory"
    ROLE_SEES_NO_CASES = "role_sees_no_cases"
    ROLE_NOT_INVOLVED = "role_not_involved"
    ROLE_MAY_NOT = "role_may_not"
    CASE_NOT_OPEN = "case_not_open"

    @property
    def hides(self) -> bool:
        """Whether the edge must answer as if there were no such case (404 before 403)."""
        return self in _HIDING


_HIDING = frozenset({Reason.OUT_OF_TERRITORY, Reason.ROLE_SEES_NO_CASES, Reason.ROLE_NOT_INVOLVED})


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed, or the reason why not. True in a condition exactly when allowed."""

    reason: Reason | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.reason is None

    def __bool__(self) -> bool:
        return self.reason is None


ALLOWED = Decision()

ROLE_TITLES: dict[Role, str] = {
    Role.REPORTER: N_("报告单位"),
    Role.CHILD_DIRECTOR: N_("儿童主任"),
    Role.CHILD_SUPERVISOR: N_("儿童督导员"),
    Role.COUNTY_OFFICER: N_("县级民政干部"),
    Role.COUNTY_LEADER: N_("县级民政负责人"),
    Role.PROTECTION_CENTRE: N_("未成年人保护中心"),
    Role.POLICE: N_("公安机关"),
    Role.CITY_OFFICER: N_("市级民政干部"),
    Role.PROVINCIAL_SUPERVISOR: N_("省级个案督办员"),
    Role.REGISTRAR: N_("收养登记员"),
    Role.ADMINISTRATOR: N_("系统管理员"),
    Role.SYSTEM: N_("系统"),
}

DESK = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_LEADER, Role.PROTECTION_CENTRE})
"""The county: they lead a case."""

SEES_TERRITORY = DESK | {Role.CITY_OFFICER, Role.PROVINCIAL_SUPERVISOR}
"""Roles that read every case of their territory."""

SEES_INVOLVED = frozenset({Role.CHILD_SUPERVISOR, Role.CHILD_DIRECTOR, Role.POLICE})
"""Roles that read those cases of their territory in which their role has, or ever had, an item."""

_READERS = SEES_TERRITORY | SEES_INVOLVED
_ANY_STATUS = frozenset(CaseStatus)
_OPEN = frozenset({CaseStatus.OPEN})
_OPEN_OR_MERGED = frozenset({CaseStatus.OPEN, CaseStatus.MERGED})


@dataclass(frozen=True, slots=True)
class Right:
    """A line of the table: these roles may, while the case stands so."""

    roles: frozenset[Role]
    statuses: frozenset[CaseStatus] = _ANY_STATUS


# Feedback to the reporter and the letters of a closed case are still due after closing: DO, CLAIM, RELEASE stay.
CASE_RIGHTS: dict[Verb, Right] = {
    Verb.READ_CASE: Right(_READERS),
    Verb.READ_REPORT: Right(_READERS),
    Verb.READ_REPORTER: Right(DESK),
    Verb.DO: Right(_READERS),
    Verb.CLAIM: Right(_READERS),
    Verb.RELEASE: Right(_READERS),
    Verb.HOLD: Right(_READERS, _OPEN),
    Verb.RESUME: Right(_READERS, _OPEN),
    Verb.START: Right(_READERS, _OPEN),
    Verb.EXTEND: Right(DESK),
    Verb.STOP: Right(DESK),
    Verb.RESTART: Right(DESK),
    Verb.JOIN: Right(DESK, _OPEN),
    Verb.PART: Right(DESK, _OPEN_OR_MERGED),
    Verb.DECIDE_LINK: Right(DESK),
}

OFFICE_RIGHTS: dict[Verb, frozenset[Role]] = {
    Verb.SEARCH: SEES_TERRITORY,
    Verb.READ_BOARD: SEES_TERRITORY,
    Verb.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
    Verb.READ_RULES: frozenset(Role) - {Role.SYSTEM},
    Verb.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Verb.MANAGE_UNITS: frozenset({Role.ADMINISTRATOR}),
    Verb.IMPORT_CALENDAR: frozenset({Role.ADMINISTRATOR}),
}

VERB_OF_ACT: dict[ActKind, Verb] = {
    ActKind.DO: Verb.DO,
    ActKind.CLAIM: Verb.CLAIM,
    ActKind.RELEASE: Verb.RELEASE,
    ActKind.HOLD: Verb.HOLD,
    ActKind.RESUME: Verb.RESUME,
    ActKind.START: Verb.START,
    ActKind.EXTEND: Verb.EXTEND,
    ActKind.STOP: Verb.STOP,
    ActKind.RESTART: Verb.RESTART,
    ActKind.JOIN: Verb.JOIN,
    ActKind.PART: Verb.PART,
}
"""Acts a person may send. RETIME is missing on purpose: only the calendar import sends it."""


def reaches(post_territory: str, territory: str) -> bool:
    """Whether a post has ``territory`` under it: a GB code prefix. A post over nothing reaches nothing."""
    return bool(post_territory) and territory.startswith(post_territory)


def sees(role: Role, post_territory: str, case_territory: str, involved: Collection[str]) -> Decision:
    """Whether the post may know of the case at all. ``involved``: roles that have or ever had an item in it."""
    if role not in _READERS:
        return Decision(Reason.ROLE_SEES_NO_CASES)
    if not reaches(post_territory, case_territory):
        return Decision(Reason.OUT_OF_TERRITORY)
    if role in SEES_INVOLVED and role.value not in involved:
        return Decision(Reason.ROLE_NOT_INVOLVED)
    return ALLOWED


def may(
    verb: Verb,
    role: Role,
    post_territory: str,
    case_territory: str,
    *,
    involved: Collection[str],
    status: CaseStatus,
) -> Decision:
    """Whether a post may do ``verb`` on a case; a verb of the office raises KeyError (see :func:`may_in_office`)."""
    right = CASE_RIGHTS[verb]
    seen = sees(role, post_territory, case_territory, involved)
    if not seen:
        return seen
    if role not in right.roles:
        return Decision(Reason.ROLE_MAY_NOT)
    if status not in right.statuses:
        return Decision(Reason.CASE_NOT_OPEN)
    return ALLOWED


def may_in_office(verb: Verb, role: Role) -> Decision:
    """Whether a role may do ``verb``, which is about no single case; a verb about a case raises KeyError."""
    return ALLOWED if role in OFFICE_RIGHTS[verb] else Decision(Reason.ROLE_MAY_NOT)
