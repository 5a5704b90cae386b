"""Three MetaData in one module: two of them hold an identical table, which must be created once."""
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Runs = declarative_base()
Events = declarative_base()
loose = sa.MetaData()
empty = sa.MetaData()


class Run(Runs):
    __tablename__ = "run"
    id = sa.Column(sa.Integer, primary_key=True)
    state = sa.Column(sa.Enum("on", "off", name="state"))


class Event(Events):
    __tablename__ = "event"
    id = sa.Column(sa.Integer, primary_key=True)
    state = sa.Column(sa.Enum("on", "off", name="state"))


for metadata in (Runs.metadata, Events.metadata):
    sa.Table("migration", metadata, sa.Column("name", sa.Text, primary_key=True), sa.Column("at", sa.DateTime, index=True))

plain = sa.Table("plain", loose, sa.Column("id", sa.Integer, primary_key=True))

both = [Runs, Events.metadata]


def chosen():
    return Events
