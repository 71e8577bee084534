"""Reports the engine itself raises: nobody opened the door twice in a row. They stand in the book like any other."""

import json
import secrets
from datetime import datetime
from uuid import UUID, uuid5

from domain.receipts import make_receipt
from domain.triage import AgeBand, Care, Danger, Situation, TriageInput, triage
from domain.zone import CHINA
from store.crypto import FieldCipher, Place
from store.database import Database
from store.keys import KeyDomain

_NARRATIVE = "连续两次上门未见到儿童。"
_SCOPE = "engine"
_INSERT = """
WITH new AS (
    INSERT INTO report (
        id, receipt, idem_scope, idem_key, body_hash, received_at, territory, situation, danger, age_band, care, colour,
        triage_row, police_told, omission, content_enc, case_id
    )
    SELECT %(id)s, %(receipt)s, %(scope)s, %(key)s, %(body_hash)s, %(at)s, %(territory)s, %(situation)s, %(danger)s,
           %(age_band)s, %(care)s, %(colour)s, %(triage_row)s, false, false, %(content_enc)s, %(case_id)s
    ON CONFLICT (idem_scope, idem_key) DO NOTHING
    RETURNING id
)
INSERT INTO audit (action, object_kind, object_id, result) SELECT 'report.raise', 'report', id::text, 'ok' FROM new
"""


class Raised:
    """The book of reports, as the engine writes in it."""

    def __init__(self, db: Database, cipher: FieldCipher) -> None:
        self._db = db
        self._cipher = cipher

    async def write(self, case_id: UUID, item: str, territory: str, age_band: str, at: datetime) -> None:
        """A report of the case itself, raised by ``item``; harmless when repeated. No case is started by it."""
        key = f"{case_id}:{item}"
        report_id = uuid5(case_id, item)
        asked = TriageInput(Situation.UNSURE, AgeBand(age_band or AgeBand.UNKNOWN), Danger.UNKNOWN, Care.UNKNOWN)
        decision = triage(asked)
        content = json.dumps({"narrative": _NARRATIVE}, ensure_ascii=False)
        place = Place(KeyDomain.CASE, case_id, "report", report_id, "content_enc")
        row = {
            "id": report_id,
            "receipt": make_receipt(secrets.randbits(64), at.astimezone(CHINA).year),
            "scope": _SCOPE,
            "key": key,
            "body_hash": self._cipher.blind("body", key),
            "at": at,
            "territory": territory,
            "situation": asked.situation,
            "danger": asked.danger,
            "age_band": asked.age,
            "care": asked.care,
            "colour": decision.colour,
            "triage_row": decision.row,
            "content_enc": self._cipher.seal(place, content),
            "case_id": case_id,
        }
        async with self._db.statement() as wire:
            await wire.execute(_INSERT, row, binary=True)
