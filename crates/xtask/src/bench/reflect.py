"""All that SQLAlchemy's reflection reads of a database: reflect.py URL"""

import sys

import sqlalchemy

sqlalchemy.MetaData().reflect(sqlalchemy.create_engine(sys.argv[1]), views=True)
