"""The classic style, which works with every SQLAlchemy since 1.4."""
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm import declarative_base, registry, relationship

Base = declarative_base()


class Named:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()

    id = sa.Column(sa.BigInteger, primary_key=True)
    name = sa.Column(sa.String(80), nullable=False, comment="100 % \\ safe")


class Team(Named, Base):
    kind = sa.Column(sa.Enum("home", "away", name="team_kind"), server_default="home")
    parent_id = sa.Column(sa.ForeignKey("team.id"))
    tags = sa.Column(postgresql.ARRAY(sa.Text), server_default="{}")


class Player(Named, Base):
    team_id = sa.Column(sa.BigInteger, sa.ForeignKey("team.id", onupdate="CASCADE"), index=True)
    former_team_id = sa.Column(sa.BigInteger)
    born = sa.Column(sa.Date, sa.CheckConstraint("born > '1900-01-01'"))
    data = sa.Column(postgresql.JSONB)
    kind = sa.Column(sa.Enum("home", "away", name="team_kind"))
    type = sa.Column(sa.String(10))
    number = sa.Column(sa.SmallInteger, sa.Identity(minvalue=1))
    team = relationship(Team, foreign_keys=[team_id])

    __table_args__ = (
        sa.ForeignKeyConstraint(["former_team_id"], ["team.id"]),
        sa.ForeignKeyConstraint(["former_team_id"], ["team.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("name", "born"),
        sa.Index("ix_player_data", "data", postgresql_using="gin", postgresql_ops={"data": "jsonb_path_ops"}),
        sa.Index("ix_player_position", sa.text("(data ->> 'position')"), postgresql_where=sa.text("name ~ '\\w'")),
    )
    __mapper_args__ = {"polymorphic_on": type}


class Keeper(Player):
    """Single-table inheritance: its column belongs to the table of Player."""

    __tablename__ = None
    gloves = sa.Column(sa.Integer)


mappers = registry(metadata=Base.metadata)


@mappers.mapped
class Match:
    __table__ = sa.Table(
        "match",
        mappers.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("home_id", sa.BigInteger, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("played", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("xmin", sa.Integer, system=True),
    )
