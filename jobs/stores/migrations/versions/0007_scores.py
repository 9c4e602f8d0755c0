"""What scorecards count of each delivery's rows; null of what was standardised before this was counted."""
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("values_given", "values_there", "rows_checked", "rows_inconsistent", "acts_dated", "acts_late", "days_waited",
                 "days_receipt"):
        op.add_column("admissions", sa.Column(name, sa.BigInteger, nullable=True), schema="ledger")
