"""Where the goods are, where they come from, and how they leave."""

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, Timestamps, pg_enum


class ShipmentStatus(enum.Enum):
    READY = "ready"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Warehouse(Base):
    __tablename__ = "warehouses"
    __table_args__ = {"schema": "warehouse"}

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str] = mapped_column(String(64), server_default="Europe/Vienna")


class StockLevel(Base):
    __tablename__ = "stock_levels"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved BETWEEN 0 AND on_hand", name="reserved_within_on_hand"),
        Index("ix_stock_levels_variant_id_available", "variant_id", text("(on_hand - reserved)")),
        {"schema": "warehouse", "comment": "How much of a variant lies in a warehouse"},
    )

    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.warehouses.id"), primary_key=True)
    variant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("product_variants.id", ondelete="CASCADE"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(server_default="0")
    reserved: Mapped[int] = mapped_column(server_default="0")
    counted_at: Mapped[datetime | None]


class Supplier(Base):
    __tablename__ = "suppliers"
    __table_args__ = {"schema": "warehouse"}

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    lead_time_days: Mapped[int] = mapped_column(SmallInteger, server_default="14")


class PurchaseOrder(Timestamps, Base):
    __tablename__ = "purchase_orders"
    __table_args__ = {"schema": "warehouse"}

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("warehouse.suppliers.id", ondelete="RESTRICT"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.warehouses.id", ondelete="RESTRICT"))
    expected_on: Mapped[date | None]
    received_at: Mapped[datetime | None]

    lines: Mapped[list["PurchaseOrderLine"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class PurchaseOrderLine(Base):
    __tablename__ = "purchase_order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        {"schema": "warehouse"},
    )

    purchase_order_id: Mapped[int] = mapped_column(
        ForeignKey("warehouse.purchase_orders.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("product_variants.id", ondelete="RESTRICT"))
    quantity: Mapped[int]
    unit_cost: Mapped[Decimal]


class Shipment(Base):
    __tablename__ = "shipments"
    __table_args__ = {"schema": "warehouse"}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="RESTRICT"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.warehouses.id", ondelete="RESTRICT"))
    status: Mapped[ShipmentStatus] = mapped_column(pg_enum(ShipmentStatus, "shipment_status"), server_default="ready")
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking_code: Mapped[str | None] = mapped_column(String(64), unique=True)
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
