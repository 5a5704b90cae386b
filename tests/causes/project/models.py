"""What the application needs: one column more than the migrations build."""
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Numeric, String, Table, Text

metadata = MetaData()

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False),
    Column("phone", Text),
    Column("nickname", Text),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer, ForeignKey("customers.id"), nullable=False, index=True),
    Column("total", Numeric(12, 2), nullable=False),
    Column("status", String(20), nullable=False, server_default="open"),
)

coupons = Table(
    "coupons",
    metadata,
    Column("code", Text, primary_key=True),
    Column("percent", Integer, nullable=False),
)
