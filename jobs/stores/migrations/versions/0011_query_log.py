"""Who asked for whom, what for, and how many were answered how; no name of anybody who was asked about."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"


def text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    op.create_table(
        "query_log", sa.Column("entry", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False), text("asked_by"), text("purpose"), text("command"),
        text("release_id"), sa.Column("asked_known_at", sa.DateTime(timezone=True), nullable=True), number("rows"),
        number("out_of_scope"), number("unanswered"), sa.Column("by_tier", JSONB, nullable=False), text("input_sha256", True),
        schema="ledger")
    op.execute("create trigger append_only before update or delete or truncate on ledger.query_log "
               "for each statement execute function ledger.refuse_edit()")
    op.execute("grant select on ledger.query_log to credit_owner, credit_loader")
