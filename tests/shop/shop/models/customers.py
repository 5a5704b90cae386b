"""Who buys."""

import enum
import uuid
from datetime import datetime

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, Timestamps, pg_enum


class CustomerStatus(enum.Enum):
    ACTIVE = "active"
    LOCKED = "locked"
    ERASED = "erased"


class Customer(Timestamps, Base):
    __tablename__ = "customers"
    __table_args__ = (
        # An address is free again once its owner has left, and its capitals do not count.
        Index("uq_customers_lower_email", text("lower(email)"), unique=True,
              postgresql_where=text("deleted_at IS NULL")),
        CheckConstraint("email LIKE '%_@_%'", name="email_has_an_at"),
        {"comment": "A person with an account; guests have a cart only"},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    email: Mapped[str] = mapped_column(String(254))
    full_name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[CustomerStatus] = mapped_column(pg_enum(CustomerStatus, "customer_status"), server_default="active")
    locale: Mapped[str] = mapped_column(String(10), server_default="en")
    default_address_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("addresses.id", ondelete="SET NULL", use_alter=True))
    preferences: Mapped[dict] = mapped_column(server_default=text("""'{"newsletter": false}'::jsonb"""))
    marketing_consent_at: Mapped[datetime | None] = mapped_column(
        comment="When the newsletter was asked for; empty: never")
    deleted_at: Mapped[datetime | None]

    addresses: Mapped[list["Address"]] = relationship(
        foreign_keys="Address.customer_id", cascade="all, delete-orphan", passive_deletes=True)


class Address(Timestamps, Base):
    __tablename__ = "addresses"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(160))
    street: Mapped[str] = mapped_column(String(200))
    postal_code: Mapped[str] = mapped_column(String(16))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(CHAR(2), comment="ISO 3166-1, two letters")
