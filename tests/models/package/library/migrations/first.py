import sqlalchemy as sa

metadata = sa.MetaData()
book = sa.Table("book", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
raise RuntimeError("migrations must not be imported")
