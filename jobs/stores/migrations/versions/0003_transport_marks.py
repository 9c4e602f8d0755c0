"""How far each feed's transport was taken, and by which delivery."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "transport_marks", *(sa.Column(name, sa.Text, nullable=False) for name in ("feed", "transport", "key")),
        sa.Column("mark", JSONB, nullable=False),
        sa.Column("delivery_id", sa.Text, sa.ForeignKey("ledger.deliveries.delivery_id"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feed", "transport", "key"), schema="ledger")
    op.execute("create trigger append_only before update or delete or truncate on ledger.transport_marks "
               "for each statement execute function ledger.refuse_edit()")
