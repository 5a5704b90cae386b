"""Optuna: the storage of its studies."""

import os

import common


def migrate(url):
    import alembic.command
    import alembic.config
    import optuna.storages._rdb

    # From an empty database by every revision; RDBStorage itself would create the tables and stamp them.
    folder = os.path.dirname(optuna.storages._rdb.__file__)
    config = alembic.config.Config(os.path.join(folder, "alembic.ini"))
    config.set_main_option("script_location", os.path.join(folder, "alembic"))
    config.set_main_option("sqlalchemy.url", common.with_driver(url, "psycopg2").replace("%", "%%"))
    alembic.command.upgrade(config, "heads")


def metadata():
    from optuna.storages._rdb.models import BaseModel

    return BaseModel.metadata


if __name__ == "__main__":
    common.main(migrate, metadata)
