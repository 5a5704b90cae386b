"""Applies revisions with Alembic itself: a list of jobs on standard input, what went wrong on standard output.

A job is {"url": …, "files": […], "to": "head", "base" or "+1"}; each gets an environment as `alembic init` makes it.
"""

import json
import pathlib
import shutil
import sys
import tempfile

from alembic import command
from alembic.config import Config

ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
connectable = engine_from_config(
    config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""


def apply(job, folder):
    versions = folder / "versions"
    versions.mkdir()
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text("")
    for number, file in enumerate(job["files"]):
        shutil.copy(file, versions / f"revision_{number}.py")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", job["url"].replace("%", "%%"))
    if job["to"] == "base":
        command.downgrade(config, "base")
    else:
        command.upgrade(config, job["to"])


def main():
    outcomes = []
    for job in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            try:
                apply(job, pathlib.Path(folder))
                outcomes.append(None)
            except Exception as error:
                outcomes.append(f"{type(error).__name__}: {error}")
    json.dump(outcomes, sys.stdout)


main()
