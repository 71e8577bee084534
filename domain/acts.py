"""What people ask of a case: acts, the actor behind them, and the refusal that answers a bad one."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Code = str | int | bool | list[str] | list[dict[str, str]]
Codes = dict[str, Code]


class ActKind(StrEnum):
    """The verbs a case knows."""

    DO = "do"  # end an open item with an outcome 办理
    CLAIM = "claim"  # 认领
    RELEASE = "release"  # 退领
    HOLD = "hold"  # 挂起: progress stops, time runs
    RESUME = "resume"  # 解除挂起
    START = "start"  # start a discretionary task 启动
    EXTEND = "extend"  # ask for an extension 申请延期
    STOP = "stop"  # stop the clock for a legal reason 中止计时
    RESTART = "restart"  # 恢复计时
    JOIN = "join"  # another case of the same child is merged into this one 并案
    PART = "part"  # that merge is undone 撤销并案
    RETIME = "retime"  # compute open due instants again after the calendar changed


AT_ONCE = frozenset({ActKind.CLAIM, ActKind.RELEASE})
"""Verbs that only make sense at once: refused with 503 when the engine is away, never stored for later."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which post. ``person`` and ``unit`` are opaque ids, ``territory`` is the post's code."""

    person: str
    role: str
    territory: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing asked of a case.

    ``id``: the submission's id, which makes the act idempotent. ``at``: when it was received by the front door (aware
    UTC): what counts for every clock. ``codes``: coded answers only, never a word about a person.
    ``other``: the id of another case (JOIN, PART).
    """

    id: str
    kind: ActKind
    at: datetime
    actor: Actor
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    reason: str = ""
    other: str = ""
    codes: Codes = field(default_factory=dict)


class RefusalCode(StrEnum):
    """Why an act is refused; the edge turns these into 404, 409 or 422."""

    NOT_YOURS = "not_yours"  # role or territory does not fit (404 at the edge when it may not be seen)
    NO_SUCH_ITEM = "no_such_item"
    MOVED_ON = "moved_on"  # the item is done, withdrawn, or the case is closed
    HELD_BY_OTHER = "held_by_other"
    ON_HOLD = "on_hold"
    NOT_OPEN = "not_open"  # nothing to release, resume or restart
    UNKNOWN_OUTCOME = "unknown_outcome"
    INCOMPLETE = "incomplete"  # a coded answer is missing or cannot be read
    NOT_DISCRETIONARY = "not_discretionary"
    TOO_LATE = "too_late"  # an extension asked after the due instant
    NO_MORE_EXTENSIONS = "no_more_extensions"
    NO_LEGAL_REASON = "no_legal_reason"
    SECOND_PERSON = "second_person"
    STILL_OPEN = "still_open"  # closing with safety work open; ``open_items`` lists it
    ALREADY = "already"  # asked for twice


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a value: why, who holds the item (opaque id), and what is still open (item ids)."""

    code: RefusalCode
    holder: str | None = None
    open_items: tuple[str, ...] = ()
    changed_at: datetime | None = None
