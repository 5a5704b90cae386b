"""What applications do while `create_all` runs: functions, triggers, extensions, partitions, and questions."""
import sqlalchemy as sa
from sqlalchemy import DDL, event, inspect, text
from sqlalchemy.orm import declarative_base
from sqlalchemy.schema import AddConstraint, CreateSequence

Base = declarative_base()


class Document(Base):
    __tablename__ = "document"
    id = sa.Column(sa.Integer, primary_key=True)
    title = sa.Column(sa.Text, sa.CheckConstraint("title <> ''", name="document_title"))
    changed = sa.Column(sa.DateTime)


class Log(Base):
    __tablename__ = "log"
    at = sa.Column(sa.Date, primary_key=True)
    __table_args__ = {"postgresql_partition_by": "RANGE (at)"}


class Report(Base):
    """A view, which create_all would make a table of."""

    __tablename__ = "report"
    __table_args__ = {"info": {"is_view": True}}
    id = sa.Column(sa.Integer, primary_key=True)


event.listen(Base.metadata, "before_create", DDL("CREATE EXTENSION IF NOT EXISTS plpgsql"))
event.listen(
    Document.__table__,
    "after_create",
    DDL(
        """
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            NEW.changed := now(); -- 100%% sure; really
            RETURN NEW;
        END $body$;
        -- The second statement; its comment has a semicolon as well.
        CREATE TRIGGER touch BEFORE UPDATE ON %(table)s FOR EACH ROW EXECUTE FUNCTION touch();
        """
    ).execute_if(dialect="postgresql"),
)
event.listen(Document.__table__, "after_create", DDL("CREATE TABLE never (id int)").execute_if(dialect="mysql"))
event.listen(
    Document.__table__,
    "after_create",
    DDL("CREATE TABLE nor_this (id int)").execute_if(callable_=lambda *args, **kw: False),
)
event.listen(
    Document.__table__,
    "after_create",
    AddConstraint(sa.CheckConstraint(Document.title != "x", name="late", table=Document.__table__)),
)


@event.listens_for(Log.__table__, "after_create")
def make_partitions(target, connection, **options):
    with connection.begin_nested():
        for year in (2023, 2024):
            connection.execute(
                text("CREATE TABLE log_%d PARTITION OF log FOR VALUES FROM ('%d-01-01') TO ('%d-01-01')" % (year, year, year + 1))
            )


@event.listens_for(Base.metadata, "after_create")
def ask_and_create(target, connection, **options):
    if not connection.execute(text("SELECT 1 FROM pg_class WHERE relname = :name"), {"name": "asked"}).scalar():
        connection.exec_driver_sql("CREATE TABLE asked (id integer, share text DEFAULT '5%%')")
    if not inspect(connection).has_table("inspected"):
        connection.execute(text("CREATE TABLE inspected (at timestamp DEFAULT '2020-01-01 10\\:00'::timestamp)"))
    if connection.dialect.name == "postgresql":
        connection.execute(CreateSequence(sa.Sequence("listened")))
    connection.execute(Document.__table__.insert().values(title="rows are no schema"))
