"""The sheets of a workbook that a delivery's rows were read from; null of what is no workbook, and of what came before."""
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("sheet", sa.Text, nullable=True), schema="ledger")
