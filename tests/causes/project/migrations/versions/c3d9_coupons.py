"""coupons, phones, larger totals"""
import sqlalchemy as sa
from alembic import op

revision = "c3d9"
down_revision = "b2e7"


def upgrade():
    op.create_table(
        "coupons",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("percent", sa.Integer, nullable=False),
    )
    op.add_column("customers", sa.Column("phone", sa.Text))
    op.alter_column("orders", "total", type_=sa.Numeric(12, 2))


def downgrade():
    op.alter_column("orders", "total", type_=sa.Numeric(10, 2))
    op.drop_column("customers", "phone")
    op.drop_table("coupons")
