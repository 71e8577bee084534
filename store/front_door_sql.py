"""The statements of the front door. All their inserts hang on the first one: no row there, no row anywhere."""

ACCEPT = """
WITH new AS (
    INSERT INTO report (
        id, receipt, idem_scope, idem_key, body_hash, received_at, discovered_at, territory, situation, danger,
        age_band, care, colour, triage_row, police_told, omission, unit_id, person_id, content_enc, case_id
    ) VALUES (
        %(id)s, %(receipt)s, %(idem_scope)s, %(idem_key)s, %(body_hash)s,
        coalesce(%(received_at)s, statement_timestamp()), %(discovered_at)s, %(territory)s, %(situation)s, %(danger)s,
        %(age_band)s, %(care)s, %(colour)s, %(triage_row)s, %(police_told)s, %(omission)s, %(unit_id)s,
        %(person_id)s, %(content_enc)s, %(case_id)s
    )
    ON CONFLICT (idem_scope, idem_key) DO NOTHING
    RETURNING id, case_id, receipt, received_at
), who AS (
    INSERT INTO reporter (report_id, identity_enc, keep_secret)
    SELECT id, %(identity_enc)s::bytea, %(keep_secret)s::bool FROM new WHERE %(identity_enc)s::bytea IS NOT NULL
), found_by AS (
    INSERT INTO child_token (report_id, kind, token, case_id)
    SELECT new.id, t.kind, t.token, new.case_id
    FROM new, unnest(%(kinds)s::text[], %(tokens)s::bytea[]) AS t(kind, token)
), trail AS (
    INSERT INTO audit (person_id, role, territory, session_hash, action, object_kind, object_id, result, request_id)
    SELECT %(person_id)s::uuid, %(role)s, %(post_territory)s, %(session_hash)s::bytea, 'report.accept', 'report',
           id::text, 'ok', %(request_id)s
    FROM new
), hand AS (
    INSERT INTO outbox (kind, case_id, ref_id, due_first)
    SELECT 'start', case_id, id, received_at FROM new
)
SELECT received_at FROM new
"""

FIND_REPORT = """
SELECT id, case_id, receipt, received_at, body_hash FROM report
WHERE idem_scope = %(idem_scope)s AND idem_key = %(idem_key)s
"""

# Received instants of one case must come in the order of commit, or the relay could hand over a later act first: the
# gate lets one submission of a case through at a time, and the clock is read behind it.
SUBMIT = """
WITH gate AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtextextended(%(case_id)s::uuid::text, 0))
), new AS (
    INSERT INTO submission (
        id, case_id, kind, item, task, clock, outcome, reason, other, codes, content_enc, person_id, role, territory,
        unit_id, idem_key, body_hash, received_at, state
    )
    SELECT %(id)s, %(case_id)s, %(kind)s, %(item)s, %(task)s, %(clock)s, %(outcome)s, %(reason)s, %(other)s,
           %(codes)s, %(content_enc)s, %(person_id)s, %(role)s, %(post_territory)s, %(unit_id)s, %(idem_key)s,
           %(body_hash)s, coalesce(%(received_at)s, clock_timestamp()), 'pending'
    FROM gate
    ON CONFLICT (person_id, idem_key) DO NOTHING
    RETURNING id, case_id, received_at
), trail AS (
    INSERT INTO audit (person_id, role, territory, session_hash, action, object_kind, object_id, result, request_id)
    SELECT %(person_id)s::uuid, %(role)s, %(post_territory)s, %(session_hash)s::bytea, %(action)s, 'case',
           case_id::text, 'stored', %(request_id)s
    FROM new
), hand AS (
    INSERT INTO outbox (kind, case_id, ref_id, due_first)
    SELECT 'act', case_id, id, received_at FROM new
)
SELECT received_at FROM new
"""

FIND_SUBMISSION = """
SELECT id, received_at, state, rev, refusal, body_hash FROM submission
WHERE person_id = %(person_id)s AND idem_key = %(idem_key)s
"""
