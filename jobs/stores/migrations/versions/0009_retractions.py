"""Deliveries taken back, and the deliveries that stand at a moment: received by then and not taken back."""
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "retractions", sa.Column("delivery_id", sa.Text, sa.ForeignKey("ledger.deliveries.delivery_id"), primary_key=True),
        sa.Column("because", sa.Text, nullable=False), sa.Column("retracted_by", sa.Text, nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False), schema="ledger")
    op.execute("create trigger append_only before update or delete or truncate on ledger.retractions "
               "for each statement execute function ledger.refuse_edit()")
    op.execute("grant select on ledger.retractions to credit_owner, credit_loader")
    op.execute("""
        create function ledger.standing(at timestamptz) returns setof ledger.deliveries language sql stable parallel safe as $$
          select d.* from ledger.deliveries d where d.received_at <= at and not exists (
            select from ledger.retractions r where r.delivery_id = d.delivery_id and r.retracted_at <= at) $$""")
