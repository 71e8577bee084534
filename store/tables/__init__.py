"""Every table of the project. Importing this package fills ``METADATA``, which migrations are compared with.

A table model does not validate: rows are written from checked values, and CHECK constraints are the net.
"""

from sqlmodel import SQLModel

from store.tables.audit import Audit
from store.tables.calendar import CalendarVersion, WorkDay
from store.tables.case import Case, CaseEvent
from store.tables.case_link import CaseLink
from store.tables.child_token import ChildToken
from store.tables.claim_ticket import ClaimTicket
from store.tables.clock import Clock
from store.tables.key_canary import KeyCanary
from store.tables.login_session import LoginSession
from store.tables.notice import Notice
from store.tables.outbox import Outbox
from store.tables.person import Person, Post
from store.tables.rate_counter import RateCounter
from store.tables.report import Report, Reporter
from store.tables.submission import Submission
from store.tables.unit import Unit
from store.tables.work_item import WorkItem

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "Audit",
    "CalendarVersion",
    "Case",
    "CaseEvent",
    "CaseLink",
    "ChildToken",
    "ClaimTicket",
    "Clock",
    "KeyCanary",
    "LoginSession",
    "Notice",
    "Outbox",
    "Person",
    "Post",
    "RateCounter",
    "Report",
    "Reporter",
    "Submission",
    "Unit",
    "WorkDay",
    "WorkItem",
]
