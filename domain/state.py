"""The state of one case as its workflow holds it, and the projection that the read model is written from.

Ids, codes and instants only. All instants are aware UTC. Plain dataclasses: they travel as workflow payloads and are
carried over when a run continues as new.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.acts import Codes


class CaseStatus(StrEnum):
    """Where a case stands as a whole."""

    OPEN = "open"
    CLOSED = "closed"  # closed, the window for re-opening still runs
    MERGED = "merged"  # its reports are handled in another case
    SCREENED_OUT = "screened_out"


class ItemStatus(StrEnum):
    """Where a piece of work stands."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"  # no longer asked for


class ClockStatus(StrEnum):
    """Where a clock stands. A breach is not a status: it is a fact recorded beside it."""

    RUNNING = "running"
    STOPPED = "stopped"  # by law, with a reason; the remaining time is kept
    MET = "met"
    OVER = "over"  # a wait (满) that has been waited out
    WITHDRAWN = "withdrawn"


@dataclass(slots=True)
class Rung:
    """One instant of a reminder or breach ladder. ``to``: ``holder`` or a role; ``level`` cuts the territory."""

    key: str
    at: datetime
    to: str
    breach: bool
    sent: bool = False


@dataclass(slots=True)
class Stop:
    """An interval in which the law stops a clock; ``until`` is None while it lasts."""

    since: datetime
    reason: str
    until: datetime | None = None


@dataclass(slots=True)
class Clock:
    """One running time limit (时限) of one item.

    ``rule``: ``key@effective_from``, the version the clock is bound to. ``breached_at``: the true due instant at which
    the limit was missed; ``detected_at``: when the engine noticed.
    """

    id: str
    item: str
    rule: str
    kind: str
    statutory: bool
    start_at: datetime
    due_at: datetime
    status: ClockStatus = ClockStatus.RUNNING
    provisional: bool = False
    calendar_version: str = ""
    extensions: int = 0
    extendable: int = 0  # how many extensions the rule allows
    stop_reasons: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)  # outcomes the limit is about; empty: all
    stops: list[Stop] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)
    met_at: datetime | None = None
    breached_at: datetime | None = None
    detected_at: datetime | None = None


@dataclass(slots=True)
class Item:
    """One piece of work (事项). ``id`` = ``task.round.tag``; ``attempt`` counts how often it was opened."""

    id: str
    task: str
    round: int
    tag: str
    territory: str
    opened_at: datetime
    status: ItemStatus = ItemStatus.OPEN
    attempt: int = 1
    by_hand: bool = False
    held: bool = False
    holder: str | None = None
    holder_unit: str = ""
    outcome: str = ""
    done_at: datetime | None = None
    done_by: str | None = None
    subject: str = ""  # the clock or item this one is about (an approval)
    codes: Codes = field(default_factory=dict)
    starts: dict[str, datetime] = field(default_factory=dict)  # start instants of its own (a service's due day)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the case's history: what happened, when it counts from, who did it (opaque ids)."""

    kind: str
    at: datetime
    person: str = ""
    role: str = ""
    unit: str = ""
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    act: str = ""
    codes: Codes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: one rung of one clock, to the holder or to the posts of a role over a territory."""

    key: str  # unique within the case: ``clock:rung``
    to: str  # "person:<id>", or a role
    territory: str
    item: str
    clock: str
    breach: bool
    at: datetime


@dataclass(slots=True)
class CaseState:
    """Everything a case's workflow decides from. ``rev`` counts its projections."""

    case_id: str
    process: str
    version: int
    territory: str
    opened_at: datetime
    status: CaseStatus = CaseStatus.OPEN
    round: int = 1
    rev: int = 0
    stage: str = ""
    hops: int = 0
    merged_into: str = ""
    joined: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    instants: dict[str, datetime] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)  # ids of recent acts, carried over runs


@dataclass(frozen=True, slots=True)
class CaseStart:
    """How a case begins: ids, codes and instants of its report. ``state`` is set when a run continues as new.

    ``history_limit``: events after which a run continues as new; 0 leaves it to the server's suggestion.
    """

    case_id: str
    process: str
    version: int
    territory: str
    received_at: datetime
    discovered_at: datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)
    state: CaseState | None = None
    history_limit: int = 0


@dataclass(slots=True)
class Projection:
    """One step of a case to be written to the read model: harmless when written twice (unique by case and rev)."""

    case_id: str
    process: str
    version: int
    rev: int
    as_of: datetime
    territory: str
    status: CaseStatus
    stage: str
    round: int
    hops: int
    merged_into: str
    facts: dict[str, str]
    events: list[Event]
    items: list[Item]  # those that changed
    clocks: list[Clock]  # those that changed
    notices: list[Notice]
