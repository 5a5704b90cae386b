"""A small shop: one of each thing that a declarative model can say."""
import decimal
import enum
import uuid
from typing import List, Optional

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM, JSONB, ExcludeConstraint, TSTZRANGE, TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from .base import Base, Owned, Timestamps


class Colour(enum.Enum):
    red = 1
    green = 2


class Status(str, enum.Enum):
    open = "it's open"
    closed = "50% closed \\ done"


grade = ENUM("a", "b", "c", name="grade", metadata=Base.metadata)

order_number = Sequence("order_number", start=1000, increment=5, metadata=Base.metadata)

# The table of a many-to-many relationship, beside the classes.
tagging = Table(
    "tagging",
    Base.metadata,
    Column("product_id", ForeignKey("product.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class Customer(Timestamps, Base):
    """Comments hold everything that quoting can get wrong."""

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("country", "email"),
        CheckConstraint("email LIKE '%@%'", name="email_has_at"),
        CheckConstraint(r"email !~ '\s'", name="email_has_no_space"),
        {"comment": "100% of the customers \\ nobody's \"else\""},
    )

    id: Mapped[int] = mapped_column(Identity(always=True, start=10, cache=5), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), comment="it's 5 % \\ 'quoted' %(name)s :bind")
    country: Mapped[str] = mapped_column(String(2), server_default=text("'DE'"))
    nick: Mapped[Optional[str]]
    zip: Mapped[Optional[str]] = mapped_column(
        DOMAIN("zip_code", String(10), check=r"VALUE ~ '^\d+$'", not_null=False, metadata=Base.metadata)
    )
    path: Mapped[str] = mapped_column(server_default="C:\\temp\\100%")
    manager_id: Mapped[Optional[int]] = mapped_column(ForeignKey("customer.id", deferrable=True, initially="DEFERRED"))
    orders: Mapped[List["Order"]] = relationship(back_populates="owner", foreign_keys="Order.owner_id")


class Product(Timestamps, Base):
    __tablename__ = "product"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    name: Mapped[str] = mapped_column(Text, unique=True)
    price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2))
    tax: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2), Computed("price * 0.19", persisted=True))
    colour: Mapped[Colour]
    colours: Mapped[List[Colour]] = mapped_column(ARRAY(Enum(Colour)))
    grade: Mapped[Optional[str]] = mapped_column(grade)
    size: Mapped[str] = mapped_column(Enum("s", "m", "l", name="size", native_enum=False, create_constraint=True))
    sold_out: Mapped[bool] = mapped_column(Boolean(name="sold_out", create_constraint=True), server_default=text("false"))
    details: Mapped[dict] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    search = deferred(mapped_column(TSVECTOR, Computed("to_tsvector('simple', name)", persisted=True)))
    if True:
        sku_: Mapped[str] = mapped_column("sku", String(40).with_variant(String(20), "sqlite"), index=True)

    __table_args__ = (
        Index("ix_product_search", "search", postgresql_using="gin"),
        Index("ix_product_live", "name", postgresql_where=text("NOT sold_out AND name LIKE '%x'")),
        Index("ix_product_price", price.desc().nulls_last(), postgresql_include=["sku"]),
        Index("ix_product_prefix", "name", postgresql_ops={"name": "text_pattern_ops"}, postgresql_with={"fillfactor": 70}),
        Index("ix_product_colour", details["colour"]),
        Index(
            "ix_product_lower",
            func.lower(name),
            unique=True,
            postgresql_concurrently=True,
        ),
    )


class Order(Owned, Timestamps, Base):
    __tablename__ = "order"
    __table_args__ = (
        ExcludeConstraint((literal_column("during"), "&&"), name="order_apart", using="gist"),
        UniqueConstraint("number", "a_column_whose_name_is_so_long", "that_the_name_of_the_constraint_is_cut"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(order_number, server_default=order_number.next_value())
    status: Mapped[Status] = mapped_column(
        Enum(Status, values_callable=lambda members: [member.value for member in members], name="order_status")
    )
    a_column_whose_name_is_so_long: Mapped[int]
    that_the_name_of_the_constraint_is_cut: Mapped[int]
    during = mapped_column(TSTZRANGE)
    approved_by: Mapped[Optional[int]] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL", use_alter=True))
    owner: Mapped[Customer] = relationship(back_populates="orders", foreign_keys="Order.owner_id")


class SpecialOrder(Order):
    """Joined-table inheritance."""

    __tablename__ = "special_order"

    id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    wish: Mapped[str]
