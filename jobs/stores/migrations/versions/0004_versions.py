"""By what declarations a delivery was read: told with its admission, so that a later change marks it stale."""
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("admissions", sa.Column("read_by", sa.Text, nullable=True), schema="ledger")
