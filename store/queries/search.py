"""Looking for a child: by tokens of the name, by a receipt; only among the cases the post may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from domain.acts import Actor
from domain.matching import TokenKind
from store import scope
from store.crypto import FieldCipher
from store.database import Tx
from store.tables import Case, ChildToken, Report


@dataclass(frozen=True, slots=True)
class Hit:
    """A case one of whose reports shares these kinds of tokens with what was looked for."""

    case_id: UUID
    shared: frozenset[TokenKind]


async def cases_by_tokens(
    tx: Tx, cipher: FieldCipher, actor: Actor, tokens: Mapping[TokenKind, str], *, limit: int = 50
) -> list[Hit]:
    """Those that share most first. ``tokens`` as ``domain.matching`` makes them; their keyed hashes are compared."""
    if not tokens:
        return []
    kind, token = col(ChildToken.kind), col(ChildToken.token)
    wanted = [and_(kind == name, token == cipher.blind(name, text)) for name, text in tokens.items()]
    shared = func.array_agg(kind.distinct())
    query = (
        select(col(ChildToken.case_id), shared.label("shared"))
        .join(Case, col(Case.id) == col(ChildToken.case_id))
        .where(or_(*wanted), scope.cases(actor))
        .group_by(col(ChildToken.case_id))
        .order_by(func.count(kind.distinct()).desc(), col(ChildToken.case_id))
        .limit(limit)
    )
    return [Hit(row.case_id, frozenset(TokenKind(name) for name in row.shared)) for row in await tx.execute(query)]


async def case_of_receipt(tx: Tx, actor: Actor, receipt: str) -> UUID | None:
    """The case of a receipt number, None when there is none within the post's reach."""
    query = select(col(Report.case_id)).join(Case, col(Case.id) == col(Report.case_id))
    row = (await tx.execute(query.where(col(Report.receipt) == receipt, scope.cases(actor)))).one_or_none()
    found: UUID | None = row[0] if row else None
    return found
