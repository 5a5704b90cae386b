"""Runs the migrations, where the settings say."""
import os

from alembic import context
from sqlalchemy import engine_from_config, pool

from models import metadata

settings = context.config.get_section(context.config.config_ini_section, {})
settings["sqlalchemy.url"] = os.environ.get("SHOP_DATABASE_URL", settings["sqlalchemy.url"])

if context.is_offline_mode():
    context.configure(url=settings["sqlalchemy.url"], target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(settings, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()
