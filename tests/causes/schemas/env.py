"""Keeps the books in a schema of their own, and asks for one that has the tables."""
import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from models import metadata

url = os.environ.get("SHOP_DATABASE_URL", "postgresql+psycopg://nobody@nowhere.invalid/nothing")
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS books"))
    connection.execute(text("SET search_path = public, books"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        version_table="shop_revision",
        version_table_schema="books",
    )
    with context.begin_transaction():
        context.run_migrations()
