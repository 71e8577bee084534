"""Links between cases that may be about the same child: found by shared tokens, decided by a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from domain.acts import Actor
from domain.matching import Strength, TokenKind, strength
from store.database import Tx
from store.queries.cases import CaseView, get_cases
from store.rows import AnyRow
from store.tables.case_link import LinkState
from store.trail import as_id

_MOST = 200

# A token many cases share (a common name) must not cost more than this: the latest ones are looked at.
_SHARED = text(
    """
    SELECT o.case_id, o.kind, rm.territory AS mine, ro.territory AS theirs
    FROM child_token m JOIN child_token o ON o.kind = m.kind AND o.token = m.token AND o.case_id <> m.case_id
    JOIN report rm ON rm.id = m.report_id JOIN report ro ON ro.id = o.report_id
    WHERE m.case_id = :case_id
    ORDER BY ro.received_at DESC LIMIT :most
    """
)
_YEAR_KINDS = text(
    "SELECT case_id, bool_or(kind = :kind) AS known FROM child_token WHERE case_id = ANY(:ids) GROUP BY case_id"
)
_SUGGEST = text(
    """
    INSERT INTO case_link (case_a, case_b, strength, state, found_at)
    SELECT least(:case_id, other), greatest(:case_id, other), found, 'suggested', now()
    FROM unnest(CAST(:others AS uuid[]), CAST(:strengths AS text[])) AS t(other, found)
    ON CONFLICT (case_a, case_b) DO NOTHING
    """
)
_LINKS = text(
    """
    SELECT CASE WHEN case_a = :case_id THEN case_b ELSE case_a END AS other, strength, state, found_at, decided_by,
           decided_at
    FROM case_link WHERE case_a = :case_id OR case_b = :case_id
    ORDER BY state = 'suggested' DESC, strength = 'strong' DESC, found_at DESC LIMIT :most
    """
)
_DECIDE = text(
    """
    UPDATE case_link SET state = :state, decided_by = :person, decided_at = now()
    WHERE case_a = least(:a, :b) AND case_b = greatest(:a, :b)
    """
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the officer of one of the two cases sees it. ``other``: None when that case is not theirs to see."""

    other_id: UUID
    other: CaseView | None
    strength: Strength
    state: LinkState
    found_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None


async def suggest(tx: Tx, case_id: UUID) -> int:
    """Look for other cases of the same child and write what is found; how many point at one. Harmless when repeated:
    a link once decided stays decided."""
    rows = (await tx.execute(_SHARED, {"case_id": case_id, "most": _MOST})).all()
    if not rows:
        return 0
    ids = [case_id, *{row.case_id for row in rows}]
    known = await tx.execute(_YEAR_KINDS, {"ids": ids, "kind": TokenKind.SURNAME_YEAR})
    found = _weigh(rows, {row.case_id for row in known if row.known}, case_id)
    if found:
        columns = {"others": list(found), "strengths": [str(weight) for weight in found.values()]}
        await tx.execute(_SUGGEST, {"case_id": case_id, **columns})
    return len(found)


async def links(tx: Tx, actor: Actor, case_id: UUID) -> list[Link]:
    """The links of a case, open suggestions first. A case out of the actor's reach is only counted, never shown."""
    rows = (await tx.execute(_LINKS, {"case_id": case_id, "most": 20})).all()
    seen = await get_cases(tx, actor, [row.other for row in rows])
    return [
        Link(
            row.other,
            seen.get(row.other),
            Strength(row.strength),
            LinkState(row.state),
            row.found_at,
            row.decided_by,
            row.decided_at,
        )
        for row in rows
    ]


async def decide(tx: Tx, case_id: UUID, other: UUID, state: LinkState, actor: Actor) -> bool:
    """Write an officer's decision; False when there is no such link. Needs ``Verb.DECIDE_LINK`` on both cases."""
    changed = {"a": case_id, "b": other, "state": state, "person": as_id(actor.person)}
    return (await tx.execute(_DECIDE, changed)).rowcount == 1


def _weigh(rows: Sequence[AnyRow], with_year: set[UUID], case_id: UUID) -> dict[UUID, Strength]:
    """How strongly each other case points at the same child; the year of birth is known only by a shared token."""
    shared: dict[UUID, set[TokenKind]] = defaultdict(set)
    same_county: dict[UUID, bool] = defaultdict(bool)
    for row in rows:
        shared[row.case_id].add(TokenKind(row.kind))
        same_county[row.case_id] |= row.mine[:6] == row.theirs[:6]
    found = {}
    for other, kinds in shared.items():
        both_known = {case_id, other} <= with_year
        same_year = True if TokenKind.SURNAME_YEAR in kinds else (False if both_known else None)
        weight = strength(frozenset(kinds), same_year, same_county[other])
        if weight is not None:
            found[other] = weight
    return found
