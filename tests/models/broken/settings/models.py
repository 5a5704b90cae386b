import os

import sqlalchemy as sa

metadata = sa.MetaData(schema=os.environ["SHOP_SCHEMA"])
thing = sa.Table("thing", metadata, sa.Column("id", sa.Integer, primary_key=True))
