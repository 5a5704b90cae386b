"""What happened. Nothing here refers to the other tables, so that it outlives them."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, String, func, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base


class Event(Base):
    """One change of one row, written by triggers. Migrations make a partition a quarter."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_table_name_row_key", "table_name", "row_key"),
        {"schema": "audit", "postgresql_partition_by": "RANGE (occurred_at)", "comment": "Partitioned by quarter"},
    )

    occurred_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    table_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[str]
    operation: Mapped[str] = mapped_column(String(6))
    before: Mapped[dict | None]
    after: Mapped[dict | None]
    actor: Mapped[str] = mapped_column(String(63), server_default=text("CURRENT_USER"))


class Login(Base):
    __tablename__ = "logins"
    __table_args__ = (
        Index("ix_logins_customer_id_at", "customer_id", text("at DESC")),
        {"schema": "audit"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    customer_id: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    succeeded: Mapped[bool] = mapped_column(server_default=text("true"))
    ip: Mapped[str] = mapped_column(INET)
    user_agent: Mapped[str | None]
