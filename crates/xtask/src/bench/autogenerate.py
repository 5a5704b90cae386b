"""What Alembic finds between two databases, the second reflected as models are: autogenerate.py OLD NEW"""

import sys

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

old, new = (sqlalchemy.create_engine(url) for url in sys.argv[1:])
models = sqlalchemy.MetaData()
models.reflect(new)
with old.connect() as connection:
    print(len(compare_metadata(MigrationContext.configure(connection), models)))
