"""From the cart to the order."""

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, SmallInteger, String, UniqueConstraint, func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, Timestamps, currency, pg_enum


class OrderStatus(enum.Enum):
    PENDING = "pending"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Campaign(Base):
    """A sale for the whole shop. There is never more than one at a time."""

    __tablename__ = "campaigns"
    __table_args__ = (ExcludeConstraint(("period", "&&"), using="gist", name="ex_campaigns_one_at_a_time"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    percent: Mapped[int] = mapped_column(SmallInteger)


class Coupon(Base):
    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("percent > 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("kind IN ('order', 'shipping')", name="kind_is_known"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20), server_default="order")
    percent: Mapped[int] = mapped_column(SmallInteger)
    max_uses: Mapped[int | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Cart(Timestamps, Base):
    __tablename__ = "carts"
    __table_args__ = (
        # The job that reminds of forgotten carts reads the open ones only.
        Index("ix_carts_open", "customer_id", "updated_at",
              postgresql_where=text("checked_out_at IS NULL AND customer_id IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    currency: Mapped[str] = currency()
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + '30 days'::interval"))
    checked_out_at: Mapped[datetime | None]

    items: Mapped[list["CartItem"]] = relationship(
        back_populates="cart", cascade="all, delete-orphan", passive_deletes=True)


class CartItem(Base):
    __tablename__ = "cart_items"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    cart_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"))
    quantity: Mapped[int] = mapped_column(server_default="1")
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())

    cart: Mapped[Cart] = relationship(back_populates="items")


class Order(Timestamps, Base):
    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("discount <= subtotal", name="discount_within_subtotal"),
        Index("ix_orders_placed_at", text("placed_at DESC")),
        Index("ix_orders_to_pack", "placed_at", postgresql_where=text("status = 'paid'")),
        {"comment": "Orders are never deleted"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True, start=100000), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True,
                                        comment="What the customer sees, such as S-2026-100017")
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="RESTRICT"), index=True)
    coupon_id: Mapped[int | None] = mapped_column(ForeignKey("coupons.id", ondelete="SET NULL"))
    status: Mapped[OrderStatus] = mapped_column(pg_enum(OrderStatus, "order_status"), server_default="pending")
    currency: Mapped[str] = currency()
    subtotal: Mapped[Decimal]
    discount: Mapped[Decimal] = mapped_column(server_default="0")
    shipping: Mapped[Decimal] = mapped_column(server_default="0")
    total: Mapped[Decimal] = mapped_column(Computed("subtotal - discount + shipping", persisted=True))
    # The address as it was when the order was placed; the customer may have moved since.
    ship_to: Mapped[dict]
    note: Mapped[str | None]
    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())

    items: Mapped[list["OrderItem"]] = relationship(
        back_populates="order", cascade="all, delete-orphan", passive_deletes=True)


class OrderItem(Base):
    __tablename__ = "order_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("product_variants.id", ondelete="RESTRICT"), index=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]

    order: Mapped[Order] = relationship(back_populates="items")


class CouponRedemption(Base):
    __tablename__ = "coupon_redemptions"

    coupon_id: Mapped[int] = mapped_column(ForeignKey("coupons.id", ondelete="CASCADE"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    redeemed_at: Mapped[datetime] = mapped_column(server_default=func.now())
