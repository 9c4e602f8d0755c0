"""The monthly bulletins that were frozen: of which release, by which hash; a restatement names what it restates."""
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "bulletins", sa.Column("sha256", sa.Text, primary_key=True), sa.Column("month", sa.Date, nullable=False),
        sa.Column("release_id", sa.Text, nullable=False), sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restates", sa.Text, sa.ForeignKey("ledger.bulletins.sha256"), nullable=True, unique=True), schema="ledger")
    op.create_index("one_first_bulletin_a_month", "bulletins", ["month"], unique=True, schema="ledger",
                    postgresql_where=sa.text("restates is null"))
    op.execute("create trigger append_only before update or delete or truncate on ledger.bulletins "
               "for each statement execute function ledger.refuse_edit()")
    op.execute("grant select on ledger.bulletins to credit_owner, credit_loader")
