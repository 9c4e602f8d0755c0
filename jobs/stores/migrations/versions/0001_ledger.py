"""The append-only ledger: what arrived, what ran, what was admitted, checked and withdrawn."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def upgrade() -> None:
    op.create_table(
        "deliveries", sa.Column("delivery_id", sa.Text, primary_key=True), text("feed"),
        sa.Column("covers", sa.Date, nullable=False), sa.Column("received_at", TIME, nullable=False),
        text("object_sha256"), text("source_name"), number("bytes"),
        sa.Column("delivery_status", sa.Text, sa.CheckConstraint("delivery_status in ('received','quarantined','refused')"),
                  nullable=False),
        text("reason", True), text("message", True), text("rows_object", True), text("encoding", True),
        sa.Column("header", ARRAY(sa.Text)), *map(number, ("rows_physical", "rows_received", "rows_blank", "rows_title",
                                                           "rows_footer", "rows_ragged")),
        schema="ledger")
    op.create_table(
        "runs", sa.Column("run_id", sa.Text, primary_key=True), text("stage"), sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("known_at", TIME, nullable=False), text("inputs_hash"), sa.Column("inputs", JSONB, nullable=False),
        text("declarations_digest"), text("code_version"), sa.Column("started_at", TIME, nullable=False),
        schema="ledger")
    op.create_table(
        "run_results", sa.Column("run_id", sa.Text, sa.ForeignKey("ledger.runs.run_id"), primary_key=True),
        sa.Column("run_status", sa.Text, sa.CheckConstraint("run_status in ('passed','stopped','failed')"), nullable=False),
        sa.Column("finished_at", TIME, nullable=False), sa.Column("snapshots", JSONB, nullable=False),
        sa.Column("metrics", JSONB, nullable=False), text("message", True), schema="ledger")
    op.create_index("runs_by_inputs", "runs", ["stage", "inputs_hash"], schema="ledger")
    op.create_table(
        "admissions", text("delivery_id"), text("run_id"), sa.Column("known_at", TIME, nullable=False),
        sa.Column("verdict", sa.Text, sa.CheckConstraint("verdict in ('admitted','held')"), nullable=False),
        text("reason", True), text("category"),
        *map(number, ("rows_facts", "rows_rejected", "rows_duplicate", "rows_natural_person", "rows_household", "facts",
                      "flaws")),
        sa.PrimaryKeyConstraint("delivery_id", "run_id"), schema="ledger")
    op.create_table(
        "check_results", text("run_id"), text("suite"), text("expectation"), text("severity"),
        sa.Column("position", sa.Integer, nullable=False), sa.Column("success", sa.Boolean, nullable=False),
        number("unexpected_count"), sa.Column("keys", JSONB, nullable=False), text("because"),
        sa.PrimaryKeyConstraint("run_id", "suite", "position"), schema="ledger")
    op.create_table(
        "withdrawals", sa.Column("withdrawal_id", sa.Text, primary_key=True), text("event_key"), text("channel"),
        sa.Column("effective_on", sa.Date, nullable=False), text("reason"), text("document"),
        sa.Column("known_at", TIME, nullable=False), text("origin"), schema="ledger")
    op.create_index("withdrawals_by_key", "withdrawals", ["event_key"], schema="ledger")
    op.create_table(
        "declarations", sa.Column("digest", sa.Text, primary_key=True), sa.Column("content", JSONB, nullable=False),
        schema="ledger")
    op.create_table(
        "audit_log", sa.Column("entry", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", TIME, nullable=False), text("actor"), text("action"), text("subject"),
        sa.Column("detail", JSONB, nullable=False), schema="ledger")
    for table in ("deliveries", "runs", "run_results", "admissions", "check_results", "withdrawals", "declarations", "audit_log"):
        append_only(table)


def append_only(table: str) -> None:
    """Design law 5: what the ledger says is never edited."""
    op.execute("create or replace function ledger.refuse_edit() returns trigger language plpgsql as "
               "$$ begin raise exception 'ledger.% is append-only', tg_table_name; end $$")
    op.execute(f"create trigger append_only before update or delete or truncate on ledger.{table} "
               "for each statement execute function ledger.refuse_edit()")
