"""Of what late acts waited, the days on the way from a platform above us, and those until a night of ours; null of what was
standardised before this was counted."""
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for name in ("days_above", "days_release"):
        op.add_column("admissions", sa.Column(name, sa.BigInteger, nullable=True), schema="ledger")
