"""The statements that write one projection. Each holds alone: written twice or late, it changes nothing."""

CASE = """
INSERT INTO cases (
    id, number, process, version, territory, county, status, stage, round, colour, hops, merged_into, facts, involved,
    rev, opened_at, closed_at, updated_at
) VALUES (
    %(case_id)s,
    coalesce(
        (SELECT number FROM cases WHERE id = %(case_id)s),
        %(county)s || '-' || to_char(%(opened_at)s::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY') || '-'
            || lpad(nextval('case_number_seq')::text, 6, '0')
    ),
    %(process)s, %(version)s, %(territory)s, %(county)s, %(status)s, %(stage)s, %(round)s, %(colour)s, %(hops)s,
    %(merged_into)s, %(facts)s, '{}', %(rev)s, %(opened_at)s,
    CASE WHEN NOT %(is_open)s THEN coalesce(%(ended_at)s::timestamptz, %(as_of)s) END, %(as_of)s
)
ON CONFLICT (id) DO UPDATE SET
    opened_at = least(cases.opened_at, excluded.opened_at),
    version = CASE WHEN cases.rev < excluded.rev THEN excluded.version ELSE cases.version END,
    territory = CASE WHEN cases.rev < excluded.rev THEN excluded.territory ELSE cases.territory END,
    county = CASE WHEN cases.rev < excluded.rev THEN excluded.county ELSE cases.county END,
    status = CASE WHEN cases.rev < excluded.rev THEN excluded.status ELSE cases.status END,
    stage = CASE WHEN cases.rev < excluded.rev THEN excluded.stage ELSE cases.stage END,
    round = CASE WHEN cases.rev < excluded.rev THEN excluded.round ELSE cases.round END,
    colour = CASE WHEN cases.rev < excluded.rev THEN excluded.colour ELSE cases.colour END,
    hops = CASE WHEN cases.rev < excluded.rev THEN excluded.hops ELSE cases.hops END,
    merged_into = CASE WHEN cases.rev < excluded.rev THEN excluded.merged_into ELSE cases.merged_into END,
    facts = CASE WHEN cases.rev < excluded.rev THEN excluded.facts ELSE cases.facts END,
    closed_at = CASE
        WHEN %(ended_at)s::timestamptz IS NOT NULL AND cases.rev < excluded.rev THEN excluded.closed_at
        WHEN cases.rev < excluded.rev AND %(is_open)s THEN NULL
        WHEN cases.rev < excluded.rev THEN coalesce(cases.closed_at, excluded.closed_at)
        ELSE cases.closed_at END,
    updated_at = greatest(cases.updated_at, excluded.updated_at),
    rev = greatest(cases.rev, excluded.rev)
"""

# The act behind an event is applied, and audited, exactly when the event is written for the first time.
EVENTS = """
WITH new AS (
    INSERT INTO case_event (
        case_id, rev, seq, kind, at, recorded_at, person_id, role, unit_id, item, task, clock, outcome, act, codes
    )
    SELECT %(case_id)s, %(rev)s, e.seq, e.kind, e.at, now(), e.person, e.role, e.unit, e.item, e.task, e.clock,
           e.outcome, e.act, e.codes
    FROM jsonb_to_recordset(%(events)s) AS e(
        seq int, kind text, at timestamptz, person uuid, role text, unit uuid, item text, task text, clock text,
        outcome text, act text, codes jsonb
    )
    ON CONFLICT (case_id, rev, seq) DO NOTHING
    RETURNING seq, kind, person_id, role, act
), applied AS (
    UPDATE submission s SET state = 'applied', rev = %(rev)s, answered_at = now()
    FROM jsonb_to_recordset(%(events)s) AS e(seq int, act_id uuid)
    JOIN new ON new.seq = e.seq
    WHERE s.id = e.act_id AND s.case_id = %(case_id)s AND s.state = 'pending'
)
INSERT INTO audit (person_id, role, territory, action, object_kind, object_id, result)
SELECT DISTINCT ON (act) person_id, role, %(territory)s, kind, 'case', %(case_id)s::uuid::text, 'applied'
FROM new WHERE act <> '' AND person_id IS NOT NULL
ORDER BY act, seq
"""

ITEMS = """
INSERT INTO work_item AS w (
    case_id, id, process, task, round, tag, attempt, stage, status, held, territory, roles, holder, holder_unit,
    opened_at, done_at, done_by, statutory, outcome, by_hand, subject, codes, starts, rev
)
SELECT %(case_id)s, i.id, %(process)s, i.task, i.round, i.tag, i.attempt, i.stage, i.status, i.held, i.territory,
       i.roles, i.holder, i.holder_unit, i.opened_at, i.done_at, i.done_by, false, i.outcome, i.by_hand, i.subject,
       i.codes, i.starts, %(rev)s
FROM jsonb_to_recordset(%(items)s) AS i(
    id text, task text, round int, tag text, attempt int, stage text, status text, held bool, territory text,
    roles text[], holder uuid, holder_unit uuid, opened_at timestamptz, done_at timestamptz, done_by uuid,
    outcome text, by_hand bool, subject text, codes jsonb, starts jsonb
)
ON CONFLICT (case_id, id) DO UPDATE SET
    attempt = excluded.attempt, stage = excluded.stage, status = excluded.status, held = excluded.held,
    territory = excluded.territory, roles = excluded.roles, holder = excluded.holder,
    holder_unit = excluded.holder_unit, opened_at = excluded.opened_at, done_at = excluded.done_at,
    done_by = excluded.done_by, outcome = excluded.outcome, by_hand = excluded.by_hand, subject = excluded.subject,
    codes = excluded.codes, starts = excluded.starts, rev = excluded.rev
WHERE w.rev <= excluded.rev
"""

CLOCKS = """
INSERT INTO clock AS c (
    case_id, id, item, rule, kind, statutory, start_at, due_at, status, provisional, calendar_version, extensions,
    extendable, stop_reasons, stops, next_rung_at, met_at, breached_at, detected_at, rev
)
SELECT %(case_id)s, k.id, k.item, k.rule, k.kind, k.statutory, k.start_at, k.due_at, k.status, k.provisional,
       k.calendar_version, k.extensions, k.extendable, k.stop_reasons, k.stops, k.next_rung_at, k.met_at,
       k.breached_at, k.detected_at, %(rev)s
FROM jsonb_to_recordset(%(clocks)s) AS k(
    id text, item text, rule text, kind text, statutory bool, start_at timestamptz, due_at timestamptz, status text,
    provisional bool, calendar_version text, extensions int, extendable int, stop_reasons text[], stops jsonb,
    next_rung_at timestamptz, met_at timestamptz, breached_at timestamptz, detected_at timestamptz
)
ON CONFLICT (case_id, id) DO UPDATE SET
    start_at = excluded.start_at, due_at = excluded.due_at, status = excluded.status,
    provisional = excluded.provisional, calendar_version = excluded.calendar_version,
    extensions = excluded.extensions, extendable = excluded.extendable, stop_reasons = excluded.stop_reasons,
    stops = excluded.stops, next_rung_at = excluded.next_rung_at, met_at = excluded.met_at,
    breached_at = excluded.breached_at, detected_at = excluded.detected_at, rev = excluded.rev
WHERE c.rev <= excluded.rev
"""

# What items and the case say about time follows from the clocks, whichever revision came last.
REFRESH = """
WITH nearest AS (
    SELECT DISTINCT ON (item) item, due_at, statutory FROM clock
    WHERE case_id = %(case_id)s AND kind = 'limit' AND status = 'running'
    ORDER BY item, due_at, statutory DESC
), timed AS (
    UPDATE work_item w SET due_at = n.due_at, statutory = coalesce(n.statutory, false)
    FROM work_item o LEFT JOIN nearest n ON n.item = o.id
    WHERE w.case_id = %(case_id)s AND o.case_id = w.case_id AND o.id = w.id
      AND (w.due_at IS DISTINCT FROM n.due_at OR w.statutory IS DISTINCT FROM coalesce(n.statutory, false))
)
UPDATE cases SET
    involved = ARRAY(SELECT DISTINCT unnest(roles) AS role FROM work_item WHERE case_id = %(case_id)s ORDER BY role),
    next_due_at = (
        SELECT min(n.due_at) FROM nearest n
        JOIN work_item w ON w.case_id = %(case_id)s AND w.id = n.item AND w.status = 'open'
    )
WHERE id = %(case_id)s
"""

NOTICES = """
INSERT INTO notice (id, case_id, key, recipient, clock, item, breach, created_at, mail_attempts)
SELECT gen_random_uuid(), %(case_id)s, told.key, told.recipient, told.clock, told.item, told.breach, told.at, 0
FROM (
    SELECT DISTINCT ON (n.key, p.id) n.key, p.id AS recipient, n.clock, n.item, n.breach, n.at
    FROM jsonb_to_recordset(%(notices)s) AS n(
        key text, person uuid, role text, reach text[], clock text, item text, breach bool, at timestamptz
    )
    CROSS JOIN LATERAL (
        SELECT n.person AS id
        UNION
        SELECT post.person_id FROM post
        WHERE post.role = n.role AND post.territory = ANY(n.reach)
          AND (now() AT TIME ZONE 'Asia/Shanghai')::date
              BETWEEN post.valid_from AND coalesce(post.valid_to, 'infinity')
    ) AS who
    JOIN person p ON p.id = who.id AND p.active
) AS told
ON CONFLICT (case_id, key, recipient) DO NOTHING
"""

AFTERMATH = """
WITH freed AS (
    DELETE FROM claim_ticket
    WHERE case_id = %(case_id)s AND item = ANY(%(freed)s::text[]) AND taken_at <= %(as_of)s
)
UPDATE report SET feedback_code = %(feedback)s, feedback_at = %(told_at)s
WHERE %(feedback)s::text IS NOT NULL
  AND (case_id = %(case_id)s OR case_id IN (SELECT id FROM cases WHERE merged_into = %(case_id)s))
  AND (feedback_at IS NULL OR feedback_at <= %(told_at)s)
"""
