"""Core tables in several schemas, with foreign keys in a circle, and one class mapped imperatively."""
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import registry

metadata = sa.MetaData()
mood = sa.Enum("good", "bad", name="mood", schema="people", metadata=metadata)
counter = sa.Sequence("counter", schema="Odd Name", metadata=metadata)


def audited(name, *columns, **options):
    """A factory, as many projects have one."""
    return sa.Table(name, metadata, *columns, sa.Column("audited_at", sa.DateTime), **options)


person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mood", mood),
    sa.Column("hand", postgresql.ENUM("left", "right", name="hand", schema="people")),
    sa.Column("house_id", sa.Integer, sa.ForeignKey("places.house.id", name="person_house")),
    sa.Column("key", sa.Integer, sa.Sequence("person_key", schema="people")),
    schema="people",
)

house = audited(
    "house",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner_id", sa.Integer, sa.ForeignKey("people.person.id", name="house_owner", use_alter=True)),
    sa.Column("street_id", sa.Integer, sa.ForeignKey("Odd Name.Street.Id", name="house_street")),
    schema="places",
)

street = sa.Table(
    "Street",
    metadata,
    sa.Column("Id", sa.Integer, primary_key=True),
    sa.Column("main house", sa.Integer, sa.ForeignKey("places.house.id", name="street_house"), comment="5 %"),
    sa.Column("number", sa.BigInteger, server_default=counter.next_value()),
    sa.Index("Street main", "main house"),
    schema="Odd Name",
)

event = audited(
    "event",
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("what", sa.Text),
    sa.PrimaryKeyConstraint("at", "id", name="event_key"),
    comment="parted",
    postgresql_partition_by="RANGE (at)",
)


class Person:
    id: int
    mood: str


registry(metadata=metadata).map_imperatively(Person, person)
