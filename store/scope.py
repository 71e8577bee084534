"""What a post may see, as SQL: the same table as ``domain.permissions``, one condition a table of rows.

Every list of cases or work goes through here; a test holds list and single check together.
"""

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from domain.acts import Actor
from domain.permissions import CASE_RIGHTS, SEES_INVOLVED, SEES_TERRITORY, Verb
from domain.process import Role
from store.tables import Case, Report, WorkItem


def within(column: Mapped[str], territory: str) -> ColumnElement[bool]:
    """Whether a code lies in ``territory``: the range from it to the next code of its length, which an index serves."""
    if not territory:
        return false()
    return and_(column >= territory, column < territory[:-1] + chr(ord(territory[-1]) + 1))


def cases(actor: Actor) -> ColumnElement[bool]:
    """The cases a post may read (``permissions.sees``)."""
    role = Role(actor.role)
    inside = within(col(Case.territory), actor.territory)
    if role in SEES_TERRITORY:
        return inside
    if role in SEES_INVOLVED:
        return and_(inside, col(Case.involved).contains([role.value]))
    return false()


def work(actor: Actor) -> ColumnElement[bool]:
    """The open work a post may take: its role is asked for, in its territory."""
    if Role(actor.role) not in CASE_RIGHTS[Verb.DO].roles:
        return false()
    return and_(
        col(WorkItem.status) == "open",
        within(col(WorkItem.territory), actor.territory),
        col(WorkItem.roles).contains([actor.role]),
    )


def reports(actor: Actor) -> ColumnElement[bool]:
    """The reports whose content a post may read: those of cases it may read, if its role reads reports at all."""
    if Role(actor.role) not in CASE_RIGHTS[Verb.READ_REPORT].roles:
        return false()
    return col(Report.case_id).in_(select(col(Case.id)).where(cases(actor)))
