-- Development, loaded after base.sql: a developer's branch is a little ahead of the models.

-- The migration of a branch that is not merged yet.
CREATE TABLE wishlists (
    customer_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    added_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_wishlists PRIMARY KEY (customer_id, variant_id),
    CONSTRAINT fk_wishlists_customer_id_customers
        FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT fk_wishlists_variant_id_product_variants
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE CASCADE
);

-- The same branch.
ALTER TABLE products ADD COLUMN seo_title varchar(70);

-- The same branch; its next commit took the label back, but PostgreSQL cannot drop one.
ALTER TYPE order_status ADD VALUE 'on_hold' AFTER 'pending';

UPDATE alembic_version SET version_num = 'c07d2a9e51bf';
