"""What people and organs decide of whose record it is, and which of these decisions were withdrawn."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"


def text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "match_decisions", sa.Column("decision_id", sa.Text, primary_key=True), text("subject"),
        sa.Column("said", JSONB, nullable=False), text("enterprise_id"),
        sa.Column("verdict", sa.Text, sa.CheckConstraint("verdict in ('same','different','unsure')"), nullable=False),
        text("decided_by"), sa.Column("role", sa.Text, sa.CheckConstraint("role in ('person','organ')"), nullable=False),
        text("organ_code", True), text("answered_by_organ", True), text("because"), text("document", True),
        text("document_sha256", True), moment("decided_at"),
        sa.CheckConstraint("(role = 'organ') = (organ_code is not null)", name="an_organ_is_named"), schema="ledger")
    op.create_index("match_decisions_by_subject", "match_decisions", ["subject"], schema="ledger")
    op.create_table(
        "match_withdrawals",
        sa.Column("decision_id", sa.Text, sa.ForeignKey("ledger.match_decisions.decision_id"), primary_key=True),
        text("because"), text("withdrawn_by"), moment("withdrawn_at"), schema="ledger")
    for table in ("match_decisions", "match_withdrawals"):
        op.execute(f"create trigger append_only before update or delete or truncate on ledger.{table} "
                   "for each statement execute function ledger.refuse_edit()")
        op.execute(f"grant select on ledger.{table} to credit_owner, credit_loader")
