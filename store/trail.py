"""The audit trail: one row with every write and every sensitive read, in the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from domain.acts import Actor
from store.database import Tx
from store.tables import Audit


@dataclass(frozen=True, slots=True)
class Trace:
    """Which request and which login session an action belongs to. ``session_hash``: the session's key, no secret."""

    request_id: str = ""
    session_hash: bytes | None = None


NOWHERE = Trace()
"""For the engine's own actions, which belong to no request."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done or seen: codes and ids only. ``reason``: why a person outside the daily work looked."""

    action: str
    object_kind: str
    object_id: str
    result: str = "ok"
    reason: str = ""


async def record(tx: Tx, entry: Entry, actor: Actor | None = None, trace: Trace = NOWHERE) -> None:
    """Add a row to the trail; it stands or falls with the transaction. Rows can never be changed or taken away."""
    await tx.execute(
        insert(Audit).values(
            person_id=as_id(actor.person) if actor else None,
            role=actor.role if actor else "",
            territory=actor.territory if actor else "",
            session_hash=trace.session_hash,
            action=entry.action,
            object_kind=entry.object_kind,
            object_id=entry.object_id,
            reason=entry.reason,
            result=entry.result,
            request_id=trace.request_id,
        )
    )


def as_id(text: str) -> UUID | None:
    """An opaque id of the domain as SQL keeps it; "" is nobody. Raises ValueError for a text that is no id."""
    return UUID(text) if text else None
