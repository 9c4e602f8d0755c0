"""Records left out because a spreadsheet hides them, a part of the account of a delivery, and those kept although it does."""
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("rows_hidden", "rows_hidden_kept"):
        op.add_column("deliveries", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"), schema="ledger")
