"""orders have a status"""
import sqlalchemy as sa
from alembic import op

revision = "b2e7"
down_revision = "a1f0"


def upgrade():
    op.add_column("orders", sa.Column("status", sa.String(20), nullable=False, server_default="open"))


def downgrade():
    op.drop_column("orders", "status")
