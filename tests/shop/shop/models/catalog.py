"""What the shop sells."""

import enum
import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint, Computed, ForeignKey, Identity, Index, Numeric, SmallInteger, String, UniqueConstraint, func, text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, Timestamps, pg_enum


class ProductStatus(enum.Enum):
    DRAFT = "draft"
    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class Category(Base):
    """A node of the tree that the menu shows."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("parent_id", "slug"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("slug ~ '^[a-z0-9-]+$'", name="slug_is_url_safe"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger, server_default="0")

    children: Mapped[list["Category"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class Brand(Base):
    __tablename__ = "brands"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    website: Mapped[str | None]


class Product(Timestamps, Base):
    """What a page of the shop shows; what a customer buys is one of its variants."""

    __tablename__ = "products"
    __table_args__ = (
        Index("ix_products_search", "search", postgresql_using="gin"),
        Index("ix_products_tags", "tags", postgresql_using="gin"),
        Index("ix_products_attributes", "attributes", postgresql_using="gin",
              postgresql_ops={"attributes": "jsonb_path_ops"}),
        Index("ix_products_brand_id_active", "brand_id", postgresql_where=text("status = 'active'")),
        {"comment": "One row a product page"},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brands.id", ondelete="SET NULL"))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None]
    status: Mapped[ProductStatus] = mapped_column(pg_enum(ProductStatus, "product_status"), server_default="draft")
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'::text[]"))
    attributes: Mapped[dict] = mapped_column(
        server_default=text("'{}'::jsonb"), comment="Free attributes, such as material and colour")
    # The search box asks this column only; 'simple' because names come in many languages.
    search: Mapped[str] = mapped_column(TSVECTOR, Computed(
        "to_tsvector('simple', name || ' ' || coalesce(description, ''))", persisted=True))

    variants: Mapped[list["ProductVariant"]] = relationship(
        back_populates="product", cascade="all, delete-orphan", passive_deletes=True)


class ProductCategory(Base):
    __tablename__ = "product_categories"

    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True)


class ProductVariant(Timestamps, Base):
    """A size or a colour of a product: the thing with a price, a barcode and a place in the warehouse."""

    __tablename__ = "product_variants"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("compare_at_price IS NULL OR compare_at_price > price", name="discount_is_a_discount"),
        # The list of a category reads only id and price: the index alone answers it.
        Index("ix_product_variants_product_id", "product_id", postgresql_include=["id", "price"]),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    barcode: Mapped[str | None] = mapped_column(String(14), unique=True)
    price: Mapped[Decimal]
    compare_at_price: Mapped[Decimal | None]
    weight_kg: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    options: Mapped[dict] = mapped_column(server_default=text("'{}'::jsonb"))

    product: Mapped[Product] = relationship(back_populates="variants")


class ProductImage(Base):
    __tablename__ = "product_images"
    __table_args__ = (
        # Deferred, so that two pictures can change places in one transaction.
        UniqueConstraint("product_id", "position", deferrable=True, initially="DEFERRED"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    url: Mapped[str]
    alt_text: Mapped[str] = mapped_column(String(200), server_default="")


class Review(Timestamps, Base):
    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("product_id", "customer_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_is_stars"),
        Index("ix_reviews_unmoderated", "created_at", postgresql_where=text("published_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    rating: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str | None]
    published_at: Mapped[datetime | None]
