"""What organs dispute of what was returned to them, and how it was ruled."""
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "disputes", sa.Column("dispute_id", sa.Text, primary_key=True),
        sa.Column("delivery_id", sa.Text, sa.ForeignKey("ledger.deliveries.delivery_id"), nullable=False),
        text("field"), text("reason"), sa.Column("row_no", sa.Integer, nullable=True), text("because"),
        text("document_sha256"), text("document_name"), text("raised_by"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False), schema="ledger")
    op.create_index("disputes_by_delivery", "disputes", ["delivery_id"], schema="ledger")
    op.create_table(
        "rulings", sa.Column("dispute_id", sa.Text, sa.ForeignKey("ledger.disputes.dispute_id"), primary_key=True),
        sa.Column("ruling", sa.Text, sa.CheckConstraint("ruling in ('upheld','withdrawn')"), nullable=False), text("because"),
        text("ruled_by"), sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False), schema="ledger")
    for table in ("disputes", "rulings"):
        op.execute(f"create trigger append_only before update or delete or truncate on ledger.{table} "
                   "for each statement execute function ledger.refuse_edit()")
        op.execute(f"grant select on ledger.{table} to credit_owner, credit_loader")
