import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
OldBase = declarative_base()


class Account(Base):
    __tablename__ = "account"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Text)


class OldAccount(OldBase):
    __tablename__ = "account"
    id = sa.Column(sa.Integer, primary_key=True)
