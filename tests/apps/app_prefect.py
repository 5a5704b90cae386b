"""Prefect: the database of its server."""

import os
import subprocess
import sys
import tempfile

import common


def migrate(url):
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "PREFECT_HOME": home,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": common.with_driver(url, "asyncpg"),
        }
        subprocess.run([sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
                       env=environment, check=True)


def metadata():
    from prefect.server.database.orm_models import Base

    return Base.metadata


def include_object(thing, name, kind, reflected, compare_to):
    """As Prefect's env.py decides, for PostgreSQL: it hides the indexes that Alembic cannot compare."""
    if kind != "index":
        return True
    if reflected:
        return not (name.startswith("gin") or name.endswith("case_insensitive"))
    if name.endswith(("asc", "desc")):
        return compare_to is None or name != compare_to.name
    dialects = thing._ddl_if.dialect if thing._ddl_if is not None else None
    return dialects is None or "postgresql" in ([dialects] if isinstance(dialects, str) else dialects)


if __name__ == "__main__":
    common.main(migrate, metadata, include_schemas=True, include_object=include_object)
