import datetime
import enum
import uuid
from typing import List, Optional

from sqlalchemy import JSON, Column, DateTime, text
from sqlmodel import Field, Relationship, SQLModel


class Rank(str, enum.Enum):
    low = "low"
    high = "high"


class Membership(SQLModel, table=True):
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", primary_key=True)
    hero_id: Optional[uuid.UUID] = Field(default=None, foreign_key="hero.id", primary_key=True)


class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=100)
    rank: Rank = Rank.low


class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    heroes: List["Hero"] = Relationship(back_populates="teams", link_model=Membership)


class Hero(HeroBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    age: Optional[int] = None
    powers: dict = Field(sa_column=Column(JSON, server_default=text("'{}'")))
    seen: Optional[datetime.datetime] = Field(default=None, sa_type=DateTime(timezone=True))
    teams: List[Team] = Relationship(back_populates="heroes", link_model=Membership)
