"""What all models share: the metadata, the types, and the columns that most tables have."""

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CHAR, Date, DateTime, Enum, MetaData, Numeric, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Every constraint has a name that we chose, so that a migration can speak of it.
NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        str: Text,
        date: Date,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(12, 2),
        uuid.UUID: Uuid,
        dict: JSONB,
        list[str]: ARRAY(Text),
    }


class Timestamps:
    """When a row was made and last touched; a trigger keeps `updated_at`. The last two columns of their table."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=900)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=901)


def pg_enum(labels: type[enum.Enum], name: str) -> Enum:
    """A PostgreSQL enum next to its table; the labels are the values of the Python enum, not its names."""
    return Enum(labels, name=name, inherit_schema=True, values_callable=lambda e: [member.value for member in e])


def currency(default: str = "EUR") -> Mapped[str]:
    """An ISO 4217 code."""
    return mapped_column(CHAR(3), server_default=default)
