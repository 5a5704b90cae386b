"""Money: invoices, and what was paid for them."""

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CHAR, BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, Numeric, SmallInteger, String,
    UniqueConstraint, func, text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, Timestamps, currency, pg_enum


class InvoiceStatus(enum.Enum):
    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"


class PaymentMethod(enum.Enum):
    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PAYPAL = "paypal"
    WALLET = "wallet"


class TaxRate(Base):
    __tablename__ = "tax_rates"
    __table_args__ = (
        UniqueConstraint("country", "name", "valid_from"),
        CheckConstraint("percent >= 0 AND percent < 100", name="percent_in_range"),
        {"schema": "billing"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    country: Mapped[str] = mapped_column(CHAR(2))
    name: Mapped[str] = mapped_column(String(40), server_default="standard")
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    valid_from: Mapped[date]


class Invoice(Timestamps, Base):
    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("due_on >= issued_on", name="due_after_issue"),
        Index("ix_invoices_open", "due_on", postgresql_where=text("status = 'open'")),
        {"schema": "billing", "comment": "Never changed once it is open"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str | None] = mapped_column(
        String(20), unique=True, comment="Given by a trigger when the draft is opened")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="RESTRICT"), index=True)
    tax_rate_id: Mapped[int] = mapped_column(ForeignKey("billing.tax_rates.id"))
    status: Mapped[InvoiceStatus] = mapped_column(pg_enum(InvoiceStatus, "invoice_status"), server_default="draft")
    currency: Mapped[str] = currency()
    amount: Mapped[Decimal]
    issued_on: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
    due_on: Mapped[date]

    lines: Mapped[list["InvoiceLine"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class InvoiceLine(Base):
    __tablename__ = "invoice_lines"
    __table_args__ = {"schema": "billing"}

    invoice_id: Mapped[int] = mapped_column(ForeignKey("billing.invoices.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal] = mapped_column(Computed("round(quantity * unit_price, 2)", persisted=True))


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("provider", "provider_reference"),
        CheckConstraint("amount > 0", name="amount_positive"),
        {"schema": "billing"},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    invoice_id: Mapped[int] = mapped_column(ForeignKey("billing.invoices.id", ondelete="RESTRICT"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(pg_enum(PaymentMethod, "payment_method"))
    provider: Mapped[str] = mapped_column(String(40))
    provider_reference: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = currency()
    amount: Mapped[Decimal]
    details: Mapped[dict] = mapped_column(server_default=text("'{}'::jsonb"))
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Refund(Base):
    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        {"schema": "billing"},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("billing.payments.id", ondelete="RESTRICT"), index=True)
    amount: Mapped[Decimal]
    reason: Mapped[str | None]
    refunded_at: Mapped[datetime] = mapped_column(server_default=func.now())
