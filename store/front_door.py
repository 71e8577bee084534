"""The front door: a report or a submission is stored with its audit row and its hand-over row, or not at all.

Each is one SQL statement on a connection in autocommit: one round trip, and what has answered is committed and
flushed. Time counts from the row's ``received_at``. The same idempotency key with the same body gives the first answer
again; with another body it is refused.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from domain.acts import AT_ONCE, ActKind, Actor, Codes
from domain.receipts import lookup_code, make_receipt
from domain.zone import CHINA
from store.crypto import FieldCipher, Place
from store.database import Database
from store.errors import DatabaseUnavailable, DiscoveredTooLate, IdempotencyConflict, RowRefused
from store.front_door_sql import ACCEPT, FIND_REPORT, FIND_SUBMISSION, SUBMIT
from store.keys import KeyDomain
from store.tables.submission import SubmissionState
from store.trail import NOWHERE, Trace, as_id

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report as it was checked at the border.

    ``content``: the whole form as JSON, sealed with the case's key. ``reporter``: who reports, sealed apart from it.
    ``tokens``: of the child, from ``domain.matching``; stored as keyed hashes. ``actor``: the person signed in, if
    any. ``received_at``: None, which is now by the database's clock; another instant only when a report that came on
    paper is entered later. ``omission``: somebody who had to report earlier did not.
    """

    territory: str
    situation: str
    danger: str
    age_band: str
    care: str
    colour: str
    triage_row: str
    police_told: bool
    omission: bool = False
    content: Json
    reporter: Json | None = None
    keep_secret: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict)
    unit: UUID | None = None
    actor: Actor | None = None
    discovered_at: datetime | None = None
    received_at: datetime | None = None
    idempotency_key: str = ""
    trace: Trace = NOWHERE


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt 回执. ``again``: this report was stored before under the same key; nothing new was stored."""

    report_id: UUID
    case_id: UUID
    number: str
    code: str
    received_at: datetime
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """An act as it was checked at the border. ``codes`` may reach the engine, ``content`` (words) is sealed."""

    case_id: UUID
    kind: ActKind
    actor: Actor
    item: str = ""
    task: str = ""
    clock: str = ""
    outcome: str = ""
    reason: str = ""
    other: str = ""
    codes: Codes = field(default_factory=dict)
    content: Json = field(default_factory=dict)
    received_at: datetime | None = None
    idempotency_key: str = ""
    trace: Trace = NOWHERE


@dataclass(frozen=True, slots=True)
class Submitted:
    """A stored submission and where it stands. ``again``: it was stored before under the same key."""

    id: UUID
    received_at: datetime
    state: SubmissionState
    rev: int | None
    refusal: Json | None
    again: bool


class _NumberTaken(Exception):
    """The receipt number drawn belongs to another report."""


class FrontDoor:
    """Takes in reports and submissions."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._cipher = cipher

    async def accept_report(self, report: NewReport) -> Receipt:
        """Store a report; its receipt may be shown as soon as this returns.

        Raises IdempotencyConflict, DatabaseUnavailable (nothing is known to be stored), UnknownReference (no such
        unit or person), DiscoveredTooLate.
        """
        row = self._report_row(report)
        for _ in range(3):
            row["receipt"] = make_receipt(secrets.randbits(64), datetime.now(CHINA).year)
            try:
                stored = await self._one(ACCEPT, row)
            except _NumberTaken:
                continue
            if stored is not None:
                return self._receipt(row["id"], row["case_id"], row["receipt"], stored[0], again=False)
            found = await self._one(FIND_REPORT, row)
            if found is not None:
                report_id, case_id, number, received_at, body_hash = found
                _same_body(body_hash, row["body_hash"])
                return self._receipt(report_id, case_id, number, received_at, again=report_id != row["id"])
        raise DatabaseUnavailable("no free receipt number was found")

    async def submit(self, act: NewSubmission) -> Submitted:
        """Store an act; it takes effect when its case has heard it, counted from ``received_at``.

        Claims and releases only make sense at once and are never stored: ValueError. Raises IdempotencyConflict,
        DatabaseUnavailable.
        """
        if act.kind in AT_ONCE:
            raise ValueError(f"{act.kind} is asked of the case at once")
        row = self._submission_row(act)
        stored = await self._one(SUBMIT, row)
        if stored is not None:
            return Submitted(row["id"], stored[0].astimezone(UTC), SubmissionState.PENDING, None, None, again=False)
        found = await self._one(FIND_SUBMISSION, row)
        if found is None:
            raise DatabaseUnavailable("the submission was neither stored nor found")
        submission_id, received_at, state, rev, refusal, body_hash = found
        _same_body(body_hash, row["body_hash"])
        again = submission_id != row["id"]
        return Submitted(submission_id, received_at.astimezone(UTC), SubmissionState(state), rev, refusal, again)

    def _report_row(self, report: NewReport) -> dict[str, Any]:
        report_id, case_id = uuid4(), uuid4()
        actor = report.actor
        body = {"content": report.content, "reporter": report.reporter, "territory": report.territory}
        content = Place(KeyDomain.CASE, case_id, "report", report_id, "content_enc")
        return {
            "id": report_id,
            "case_id": case_id,
            "idem_scope": _scope(report.unit, actor),
            "idem_key": report.idempotency_key or uuid4().hex,
            "body_hash": self._cipher.blind("body", _canonical(body)),
            "received_at": report.received_at,
            "discovered_at": report.discovered_at,
            "territory": report.territory,
            "situation": report.situation,
            "danger": report.danger,
            "age_band": report.age_band,
            "care": report.care,
            "colour": report.colour,
            "triage_row": report.triage_row,
            "police_told": report.police_told,
            "omission": report.omission,
            "unit_id": report.unit,
            "content_enc": self._cipher.seal(content, _canonical(report.content)),
            "identity_enc": self._identity(report_id, report.reporter),
            "keep_secret": report.keep_secret,
            "kinds": list(report.tokens),
            "tokens": [self._cipher.blind(kind, text) for kind, text in report.tokens.items()],
            **_author(actor, report.trace),
        }

    def _identity(self, report_id: UUID, reporter: Json | None) -> bytes | None:
        if reporter is None:
            return None
        place = Place(KeyDomain.REPORTER, report_id, "reporter", report_id, "identity_enc")
        return self._cipher.seal(place, _canonical(reporter))

    def _submission_row(self, act: NewSubmission) -> dict[str, Any]:
        submission_id = uuid4()
        place = Place(KeyDomain.CASE, act.case_id, "submission", submission_id, "content_enc")
        asked = (act.kind, act.item, act.task, act.clock, act.outcome, act.reason, act.other)
        body = {"case": str(act.case_id), "asked": asked, "codes": act.codes, "content": act.content}
        return {
            "id": submission_id,
            "case_id": act.case_id,
            "kind": act.kind,
            "item": act.item,
            "task": act.task,
            "clock": act.clock,
            "outcome": act.outcome,
            "reason": act.reason,
            "other": act.other,
            "codes": Jsonb(act.codes),
            "content_enc": self._cipher.seal(place, _canonical(act.content)) if act.content else None,
            "unit_id": as_id(act.actor.unit),
            "idem_key": act.idempotency_key or uuid4().hex,
            "body_hash": self._cipher.blind("body", _canonical(body)),
            "received_at": act.received_at,
            "action": f"act.{act.kind}",
            **_author(act.actor, act.trace),
        }

    async def _one(self, statement: LiteralString, row: dict[str, Any]) -> tuple[Any, ...] | None:
        """Run one statement. A connection lost early is tried again once: the idempotency key makes that safe."""
        started = time.monotonic()
        try:
            return await self._run(statement, row)
        except DatabaseUnavailable:
            if time.monotonic() - started > 1:
                raise
            return await self._run(statement, row)

    async def _run(self, statement: LiteralString, row: dict[str, Any]) -> tuple[Any, ...] | None:
        try:
            async with self._db.statement() as wire:
                return await (await wire.execute(statement, row, binary=True)).fetchone()
        except RowRefused as refused:
            if refused.constraint == "ck_report_discovered_at":
                raise DiscoveredTooLate("discovered after it was reported") from None
            if refused.constraint == "uq_report_receipt":
                raise _NumberTaken from None
            raise

    def _receipt(self, report_id: UUID, case_id: UUID, number: str, received_at: datetime, *, again: bool) -> Receipt:
        code = lookup_code(self._cipher.lookup_key, report_id)
        return Receipt(report_id, case_id, number, code, received_at.astimezone(UTC), again)


def _author(actor: Actor | None, trace: Trace) -> dict[str, Any]:
    return {
        "person_id": as_id(actor.person) if actor else None,
        "role": actor.role if actor else "",
        "post_territory": actor.territory if actor else "",
        "session_hash": trace.session_hash,
        "request_id": trace.request_id,
    }


def _scope(unit: UUID | None, actor: Actor | None) -> str:
    """Keys are told apart by who chose them: a person, else a unit's link, else the public."""
    if actor:
        return f"person:{actor.person}"
    return f"unit:{unit}" if unit else "public"


def _same_body(stored: bytes, sent: bytes) -> None:
    if stored != sent:
        raise IdempotencyConflict("the idempotency key was used before with another body")


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
