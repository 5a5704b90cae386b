"""MLflow: the tracking store and the model registry."""

import common


def migrate(url):
    from mlflow.store.db import utils

    # `mlflow db upgrade URL` of an empty database: the tables of the first release, then every revision.
    utils._initialize_tables(utils.create_sqlalchemy_engine(common.with_driver(url, "psycopg2")))


def metadata():
    # This module imports every module that has models, so that its Base is complete.
    from mlflow.store.db.utils import Base

    return Base.metadata


if __name__ == "__main__":
    common.main(migrate, metadata)
