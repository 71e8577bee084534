"""Every table of the first release.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""
APPEND_ONLY = ("audit", "case_event")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE case_number_seq")
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), server_default="", nullable=False),
        sa.Column("territory", sa.String(), server_default="", nullable=False),
        sa.Column("session_hash", sa.LargeBinary(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_object_kind_object_id"), "audit", ["object_kind", "object_id"], unique=False)
    op.create_index(op.f("ix_audit_person_id_seq"), "audit", ["person_id", "seq"], unique=False)
    op.create_table(
        "calendar_version",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("known_through", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_calendar_version")),
    )
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("codes", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "rev", "seq", name=op.f("pk_case_event")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("county", sa.String(12, collation="C"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(), nullable=True),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("involved", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'closed') <= (closed_at IS NOT NULL)", name=op.f("ck_cases_closed_at")),
        sa.CheckConstraint("colour IN ('red', 'yellow', 'blue', 'green')", name=op.f("ck_cases_colour")),
        sa.CheckConstraint("status IN ('open', 'closed', 'merged', 'screened_out')", name=op.f("ck_cases_status")),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_cases_territory")
        ),
        sa.CheckConstraint("rev >= 0 AND round >= 1 AND hops >= 0", name=op.f("ck_cases_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_county"), "cases", ["county"], unique=False)
    op.create_index("ix_cases_due", "cases", ["next_due_at", "id"], unique=False)
    op.create_index(op.f("ix_cases_territory_opened_at_id"), "cases", ["territory", "opened_at", "id"], unique=False)
    op.create_table(
        "clock",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.String(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("extendable", sa.Integer(), nullable=False),
        sa.Column("stop_reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("stops", JSONB(), nullable=False),
        sa.Column("next_rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('limit', 'wait')", name=op.f("ck_clock_kind")),
        sa.CheckConstraint(
            "status IN ('running', 'stopped', 'met', 'over', 'withdrawn')", name=op.f("ck_clock_status")
        ),
        sa.CheckConstraint("detected_at IS NULL OR breached_at IS NOT NULL", name=op.f("ck_clock_breach")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_clock")),
    )
    op.create_index("ix_clock_item", "clock", ["case_id", "item"], unique=False)
    op.create_index(
        "ix_clock_running", "clock", ["due_at"], unique=False, postgresql_where=sa.text("status = 'running'")
    )
    op.create_table(
        "key_canary",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_key_canary")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("due_first", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('start', 'act')", name=op.f("ck_outbox_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("ref_id", name=op.f("uq_outbox_ref_id")),
    )
    op.create_index(
        "ix_outbox_case",
        "outbox",
        ["case_id", "due_first", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["due_first", "id"], unique=False, postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("name_enc", sa.LargeBinary(), nullable=False),
        sa.Column("phone_enc", sa.LargeBinary(), nullable=True),
        sa.Column("email_enc", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("login = lower(login) AND login <> ''", name=op.f("ck_person_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "rate_counter",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key_hash", "window_start", name=op.f("pk_rate_counter")),
    )
    op.create_index(op.f("ix_rate_counter_window_start"), "rate_counter", ["window_start"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('school', 'kindergarten', 'hospital', 'village_committee', 'welfare_institution', 'social_org', 'hotel', 'police', 'bureau', 'centre', 'township', 'other')",
            name=op.f("ck_unit_kind"),
        ),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_unit_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_unit_link_hash")),
    )
    op.create_index(op.f("ix_unit_territory"), "unit", ["territory"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("holder_unit", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("codes", JSONB(), nullable=False),
        sa.Column("starts", JSONB(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'done', 'withdrawn')", name=op.f("ck_work_item_status")),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_work_item_territory")
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_work_item")),
    )
    op.create_index(
        "ix_work_item_holder",
        "work_item",
        ["holder", "due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_work_item_open",
        "work_item",
        ["territory", "due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "case_link",
        sa.Column("case_a", sa.Uuid(), nullable=False),
        sa.Column("case_b", sa.Uuid(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('suggested', 'dismissed', 'merged')", name=op.f("ck_case_link_state")),
        sa.CheckConstraint("case_a < case_b", name=op.f("ck_case_link_order")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_case_link_decided_by")),
        sa.PrimaryKeyConstraint("case_a", "case_b", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_case_b"), "case_link", ["case_b"], unique=False)
    op.create_table(
        "claim_ticket",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_claim_ticket_person_id")),
        sa.PrimaryKeyConstraint("case_id", "item", name=op.f("pk_claim_ticket")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("recipient", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("breach", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
        sa.Column("mail_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recipient"], ["person.id"], name=op.f("fk_notice_recipient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("case_id", "key", "recipient", name=op.f("uq_notice_case_id_key_recipient")),
    )
    op.create_index("ix_notice_inbox", "notice", ["recipient", "created_at", "id"], unique=False)
    op.create_index(
        "ix_notice_unmailed", "notice", ["created_at"], unique=False, postgresql_where=sa.text("mailed_at IS NULL")
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('reporter', 'child_director', 'child_supervisor', 'county_officer', 'county_leader', 'protection_centre', 'police', 'city_officer', 'provincial_supervisor', 'registrar', 'administrator')",
            name=op.f("ck_post_role"),
        ),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_post_territory")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_post_valid")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_person_id"), "post", ["person_id"], unique=False)
    op.create_index(op.f("ix_post_role_territory"), "post", ["role", "territory"], unique=False)
    op.create_index(op.f("ix_post_unit_id"), "post", ["unit_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("idem_scope", sa.String(), nullable=False),
        sa.Column("idem_key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("discovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("situation", sa.String(), nullable=False),
        sa.Column("danger", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("care", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("triage_row", sa.String(), nullable=False),
        sa.Column("police_told", sa.Boolean(), nullable=False),
        sa.Column("omission", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("content_enc", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("feedback_code", sa.String(), nullable=True),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "age_band IN ('under_8', '8_13', '14_15', '16_17', 'unknown')", name=op.f("ck_report_age_band")
        ),
        sa.CheckConstraint("care IN ('cared', 'unattended', 'lives_alone', 'unknown')", name=op.f("ck_report_care")),
        sa.CheckConstraint("colour IN ('red', 'yellow', 'blue', 'green')", name=op.f("ck_report_colour")),
        sa.CheckConstraint("danger IN ('yes', 'no', 'unknown')", name=op.f("ck_report_danger")),
        sa.CheckConstraint("receipt <> ''", name=op.f("ck_report_receipt")),
        sa.CheckConstraint(
            "situation IN ('PRIVATE_INJURY', 'GIRL_U14_SEX', 'GIRL_14P_SEX', 'MULTI_INJURY', 'ABNORMAL_DEATH_DISABILITY', 'ABANDONED_UNATTENDED', 'UNKNOWN_MISSING_TRAFFICKED', 'ORG_BEGGING', 'OTHER_SERIOUS', 'LIVING_ALONE', 'GUARDIAN_UNABLE', 'LB_MISSING', 'LB_VIOLENCE', 'LB_HARM', 'UNSURE')",
            name=op.f("ck_report_situation"),
        ),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_report_territory")
        ),
        sa.CheckConstraint("discovered_at <= received_at", name=op.f("ck_report_discovered_at")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("idem_scope", "idem_key", name=op.f("uq_report_idem_scope_idem_key")),
        sa.UniqueConstraint("receipt", name=op.f("uq_report_receipt")),
    )
    op.create_index(op.f("ix_report_case_id"), "report", ["case_id"], unique=False)
    op.create_index(
        "ix_report_filed_by",
        "report",
        ["person_id", "received_at"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_report_received_at"), "report", ["received_at"], unique=False)
    op.create_index(op.f("ix_report_territory"), "report", ["territory"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("codes", JSONB(), nullable=False),
        sa.Column("content_enc", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("territory", sa.String(12, collation="C"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("idem_key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("refusal", JSONB(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_submission_refusal")),
        sa.CheckConstraint(
            "kind IN ('do', 'hold', 'resume', 'start', 'extend', 'stop', 'restart', 'join', 'part', 'retime')",
            name=op.f("ck_submission_kind"),
        ),
        sa.CheckConstraint(
            "role IN ('reporter', 'child_director', 'child_supervisor', 'county_officer', 'county_leader', 'protection_centre', 'police', 'city_officer', 'provincial_supervisor', 'registrar', 'administrator', 'system')",
            name=op.f("ck_submission_role"),
        ),
        sa.CheckConstraint("state <> 'applied' OR rev IS NOT NULL", name=op.f("ck_submission_rev")),
        sa.CheckConstraint("state IN ('pending', 'applied', 'refused')", name=op.f("ck_submission_state")),
        sa.CheckConstraint(
            "territory ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_submission_territory")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("person_id", "idem_key", name=op.f("uq_submission_person_id_idem_key")),
    )
    op.create_index(op.f("ix_submission_case_id_received_at"), "submission", ["case_id", "received_at"], unique=False)
    op.create_index(
        "ix_submission_pending",
        "submission",
        ["case_id", "received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "work_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["calendar_version.version"], name=op.f("fk_work_day_version")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_work_day")),
    )
    op.create_table(
        "child_token",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_child_token_report_id")),
        sa.PrimaryKeyConstraint("report_id", "kind", "token", name=op.f("pk_child_token")),
    )
    op.create_index(op.f("ix_child_token_case_id"), "child_token", ["case_id"], unique=False)
    op.create_index(op.f("ix_child_token_kind_token"), "child_token", ["kind", "token"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absolute_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_login_session_post_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_person_id"), "login_session", ["person_id"], unique=False)
    op.create_table(
        "reporter",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("identity_enc", sa.LargeBinary(), nullable=False),
        sa.Column("keep_secret", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_reporter_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reporter")),
    )
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("reporter")
    op.drop_index(op.f("ix_login_session_person_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("ix_child_token_kind_token"), table_name="child_token")
    op.drop_index(op.f("ix_child_token_case_id"), table_name="child_token")
    op.drop_table("child_token")
    op.drop_table("work_day")
    op.drop_index("ix_submission_pending", table_name="submission", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index(op.f("ix_submission_case_id_received_at"), table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_report_territory"), table_name="report")
    op.drop_index(op.f("ix_report_received_at"), table_name="report")
    op.drop_index("ix_report_filed_by", table_name="report", postgresql_where=sa.text("person_id IS NOT NULL"))
    op.drop_index(op.f("ix_report_case_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_post_unit_id"), table_name="post")
    op.drop_index(op.f("ix_post_role_territory"), table_name="post")
    op.drop_index(op.f("ix_post_person_id"), table_name="post")
    op.drop_table("post")
    op.drop_index("ix_notice_unmailed", table_name="notice", postgresql_where=sa.text("mailed_at IS NULL"))
    op.drop_index("ix_notice_inbox", table_name="notice")
    op.drop_table("notice")
    op.drop_table("claim_ticket")
    op.drop_index(op.f("ix_case_link_case_b"), table_name="case_link")
    op.drop_table("case_link")
    op.drop_index("ix_work_item_open", table_name="work_item", postgresql_where=sa.text("status = 'open'"))
    op.drop_index("ix_work_item_holder", table_name="work_item", postgresql_where=sa.text("status = 'open'"))
    op.drop_table("work_item")
    op.drop_index(op.f("ix_unit_territory"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_rate_counter_window_start"), table_name="rate_counter")
    op.drop_table("rate_counter")
    op.drop_table("person")
    op.drop_index("ix_outbox_due", table_name="outbox", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_index("ix_outbox_case", table_name="outbox", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("outbox")
    op.drop_table("key_canary")
    op.drop_index("ix_clock_running", table_name="clock", postgresql_where=sa.text("status = 'running'"))
    op.drop_index("ix_clock_item", table_name="clock")
    op.drop_table("clock")
    op.drop_index(op.f("ix_cases_territory_opened_at_id"), table_name="cases")
    op.drop_index("ix_cases_due", table_name="cases")
    op.drop_index(op.f("ix_cases_county"), table_name="cases")
    op.drop_table("cases")
    op.drop_table("case_event")
    op.drop_table("calendar_version")
    op.drop_index(op.f("ix_audit_person_id_seq"), table_name="audit")
    op.drop_index(op.f("ix_audit_object_kind_object_id"), table_name="audit")
    op.drop_table("audit")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP SEQUENCE case_number_seq")
