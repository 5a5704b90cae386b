-- What the shop's migrations have built, up to revision 9c41d0b7e2aa. The first half is what the models say too; the
-- second half is what only migrations make: partitions, views, functions, triggers, policies, roles and grants.

CREATE SCHEMA billing;
CREATE SCHEMA warehouse;
CREATE SCHEMA audit;

CREATE TYPE product_status AS ENUM ('draft', 'active', 'discontinued');
CREATE TYPE customer_status AS ENUM ('active', 'locked', 'erased');
CREATE TYPE order_status AS ENUM ('pending', 'paid', 'packed', 'shipped', 'delivered', 'cancelled');
CREATE TYPE billing.invoice_status AS ENUM ('draft', 'open', 'paid', 'void');
CREATE TYPE billing.payment_method AS ENUM ('card', 'bank_transfer', 'paypal', 'wallet');
CREATE TYPE warehouse.shipment_status AS ENUM ('ready', 'in_transit', 'delivered', 'returned');

CREATE TABLE categories (
    id integer GENERATED ALWAYS AS IDENTITY,
    parent_id integer,
    slug varchar(80) NOT NULL,
    name text NOT NULL,
    position smallint DEFAULT '0' NOT NULL,
    CONSTRAINT pk_categories PRIMARY KEY (id),
    CONSTRAINT uq_categories_parent_id_slug UNIQUE (parent_id, slug),
    CONSTRAINT ck_categories_not_its_own_parent CHECK (parent_id <> id),
    CONSTRAINT ck_categories_slug_is_url_safe CHECK (slug ~ '^[a-z0-9-]+$'),
    CONSTRAINT fk_categories_parent_id_categories FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE CASCADE
);

CREATE TABLE brands (
    id integer GENERATED ALWAYS AS IDENTITY,
    name varchar(120) NOT NULL,
    website text,
    CONSTRAINT pk_brands PRIMARY KEY (id),
    CONSTRAINT uq_brands_name UNIQUE (name)
);

CREATE TABLE customers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email varchar(254) NOT NULL,
    full_name varchar(160) NOT NULL,
    phone varchar(32),
    status customer_status DEFAULT 'active' NOT NULL,
    locale varchar(10) DEFAULT 'en' NOT NULL,
    default_address_id uuid,
    preferences jsonb DEFAULT '{"newsletter": false}'::jsonb NOT NULL,
    marketing_consent_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_customers PRIMARY KEY (id),
    CONSTRAINT ck_customers_email_has_an_at CHECK (email LIKE '%_@_%')
);
CREATE UNIQUE INDEX uq_customers_lower_email ON customers (lower(email)) WHERE deleted_at IS NULL;
COMMENT ON TABLE customers IS 'A person with an account; guests have a cart only';
COMMENT ON COLUMN customers.marketing_consent_at IS 'When the newsletter was asked for; empty: never';

CREATE TABLE campaigns (
    id integer GENERATED ALWAYS AS IDENTITY,
    name varchar(120) NOT NULL,
    period daterange NOT NULL,
    percent smallint NOT NULL,
    CONSTRAINT pk_campaigns PRIMARY KEY (id),
    CONSTRAINT ex_campaigns_one_at_a_time EXCLUDE USING gist (period WITH &&)
);

CREATE TABLE coupons (
    id integer GENERATED ALWAYS AS IDENTITY,
    code varchar(40) NOT NULL,
    kind varchar(20) DEFAULT 'order' NOT NULL,
    percent smallint NOT NULL,
    max_uses integer,
    expires_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_coupons PRIMARY KEY (id),
    CONSTRAINT ck_coupons_percent_in_range CHECK (percent > 0 AND percent <= 100),
    CONSTRAINT ck_coupons_kind_is_known CHECK (kind IN ('order', 'shipping')),
    CONSTRAINT uq_coupons_code UNIQUE (code)
);

CREATE TABLE billing.tax_rates (
    id integer GENERATED ALWAYS AS IDENTITY,
    country char(2) NOT NULL,
    name varchar(40) DEFAULT 'standard' NOT NULL,
    percent numeric(5,2) NOT NULL,
    valid_from date NOT NULL,
    CONSTRAINT pk_tax_rates PRIMARY KEY (id),
    CONSTRAINT uq_tax_rates_country_name_valid_from UNIQUE (country, name, valid_from),
    CONSTRAINT ck_tax_rates_percent_in_range CHECK (percent >= 0 AND percent < 100)
);

CREATE TABLE warehouse.warehouses (
    id integer GENERATED ALWAYS AS IDENTITY,
    code varchar(8) NOT NULL,
    name varchar(120) NOT NULL,
    timezone varchar(64) DEFAULT 'Europe/Vienna' NOT NULL,
    CONSTRAINT pk_warehouses PRIMARY KEY (id),
    CONSTRAINT uq_warehouses_code UNIQUE (code)
);

CREATE TABLE warehouse.suppliers (
    id integer GENERATED ALWAYS AS IDENTITY,
    name varchar(160) NOT NULL,
    email varchar(254),
    phone varchar(32),
    lead_time_days smallint DEFAULT '14' NOT NULL,
    CONSTRAINT pk_suppliers PRIMARY KEY (id),
    CONSTRAINT uq_suppliers_name UNIQUE (name)
);

CREATE TABLE audit.events (
    occurred_at timestamptz DEFAULT now() NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    table_name varchar(63) NOT NULL,
    row_key text NOT NULL,
    operation varchar(6) NOT NULL,
    before jsonb,
    after jsonb,
    actor varchar(63) DEFAULT CURRENT_USER NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX ix_events_table_name_row_key ON audit.events (table_name, row_key);
COMMENT ON TABLE audit.events IS 'Partitioned by quarter';

CREATE TABLE audit.logins (
    id bigint GENERATED ALWAYS AS IDENTITY,
    customer_id uuid NOT NULL,
    at timestamptz DEFAULT now() NOT NULL,
    succeeded boolean DEFAULT true NOT NULL,
    ip inet NOT NULL,
    user_agent text,
    CONSTRAINT pk_logins PRIMARY KEY (id)
);
CREATE INDEX ix_logins_customer_id_at ON audit.logins (customer_id, at DESC);

CREATE TABLE products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    brand_id integer,
    slug varchar(120) NOT NULL,
    name varchar(200) NOT NULL,
    description text,
    status product_status DEFAULT 'draft' NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    search tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || coalesce(description, ''))) STORED NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_products PRIMARY KEY (id),
    CONSTRAINT fk_products_brand_id_brands FOREIGN KEY (brand_id) REFERENCES brands (id) ON DELETE SET NULL,
    CONSTRAINT uq_products_slug UNIQUE (slug)
);
CREATE INDEX ix_products_brand_id_active ON products (brand_id) WHERE status = 'active';
CREATE INDEX ix_products_tags ON products USING gin (tags);
CREATE INDEX ix_products_search ON products USING gin (search);
CREATE INDEX ix_products_attributes ON products USING gin (attributes jsonb_path_ops);
COMMENT ON TABLE products IS 'One row a product page';
COMMENT ON COLUMN products.attributes IS 'Free attributes, such as material and colour';

CREATE TABLE addresses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    customer_id uuid NOT NULL,
    recipient varchar(160) NOT NULL,
    street varchar(200) NOT NULL,
    postal_code varchar(16) NOT NULL,
    city varchar(100) NOT NULL,
    country char(2) NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_addresses PRIMARY KEY (id),
    CONSTRAINT fk_addresses_customer_id_customers FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE INDEX ix_addresses_customer_id ON addresses (customer_id);
COMMENT ON COLUMN addresses.country IS 'ISO 3166-1, two letters';

CREATE TABLE carts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    customer_id uuid,
    currency char(3) DEFAULT 'EUR' NOT NULL,
    expires_at timestamptz DEFAULT now() + '30 days'::interval NOT NULL,
    checked_out_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_carts PRIMARY KEY (id),
    CONSTRAINT fk_carts_customer_id_customers FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE INDEX ix_carts_open ON carts (customer_id, updated_at) WHERE checked_out_at IS NULL AND customer_id IS NOT NULL;

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100000),
    number varchar(20) NOT NULL,
    customer_id uuid NOT NULL,
    coupon_id integer,
    status order_status DEFAULT 'pending' NOT NULL,
    currency char(3) DEFAULT 'EUR' NOT NULL,
    subtotal numeric(12,2) NOT NULL,
    discount numeric(12,2) DEFAULT '0' NOT NULL,
    shipping numeric(12,2) DEFAULT '0' NOT NULL,
    total numeric(12,2) GENERATED ALWAYS AS (subtotal - discount + shipping) STORED NOT NULL,
    ship_to jsonb NOT NULL,
    note text,
    placed_at timestamptz DEFAULT now() NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (id),
    CONSTRAINT ck_orders_discount_within_subtotal CHECK (discount <= subtotal),
    CONSTRAINT uq_orders_number UNIQUE (number),
    CONSTRAINT fk_orders_customer_id_customers FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_orders_coupon_id_coupons FOREIGN KEY (coupon_id) REFERENCES coupons (id) ON DELETE SET NULL
);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE INDEX ix_orders_placed_at ON orders (placed_at DESC);
CREATE INDEX ix_orders_to_pack ON orders (placed_at) WHERE status = 'paid';
COMMENT ON TABLE orders IS 'Orders are never deleted';
COMMENT ON COLUMN orders.number IS 'What the customer sees, such as S-2026-100017';

CREATE TABLE warehouse.purchase_orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    supplier_id integer NOT NULL,
    warehouse_id integer NOT NULL,
    expected_on date,
    received_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_purchase_orders PRIMARY KEY (id),
    CONSTRAINT fk_purchase_orders_supplier_id_suppliers
        FOREIGN KEY (supplier_id) REFERENCES warehouse.suppliers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_purchase_orders_warehouse_id_warehouses
        FOREIGN KEY (warehouse_id) REFERENCES warehouse.warehouses (id) ON DELETE RESTRICT
);
CREATE INDEX ix_purchase_orders_supplier_id ON warehouse.purchase_orders (supplier_id);

CREATE TABLE product_categories (
    product_id uuid NOT NULL,
    category_id integer NOT NULL,
    CONSTRAINT pk_product_categories PRIMARY KEY (product_id, category_id),
    CONSTRAINT fk_product_categories_product_id_products
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT fk_product_categories_category_id_categories
        FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE
);
CREATE INDEX ix_product_categories_category_id ON product_categories (category_id);

CREATE TABLE product_variants (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    product_id uuid NOT NULL,
    sku varchar(40) NOT NULL,
    barcode varchar(14),
    price numeric(12,2) NOT NULL,
    compare_at_price numeric(12,2),
    weight_kg numeric(8,3),
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_product_variants PRIMARY KEY (id),
    CONSTRAINT ck_product_variants_price_not_negative CHECK (price >= 0),
    CONSTRAINT ck_product_variants_discount_is_a_discount CHECK (compare_at_price IS NULL OR compare_at_price > price),
    CONSTRAINT fk_product_variants_product_id_products
        FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT uq_product_variants_sku UNIQUE (sku),
    CONSTRAINT uq_product_variants_barcode UNIQUE (barcode)
);
CREATE INDEX ix_product_variants_product_id ON product_variants (product_id) INCLUDE (id, price);

CREATE TABLE product_images (
    id integer GENERATED ALWAYS AS IDENTITY,
    product_id uuid NOT NULL,
    position smallint NOT NULL,
    url text NOT NULL,
    alt_text varchar(200) DEFAULT '' NOT NULL,
    CONSTRAINT pk_product_images PRIMARY KEY (id),
    CONSTRAINT uq_product_images_product_id_position UNIQUE (product_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_product_images_product_id_products FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE
);

CREATE TABLE reviews (
    id integer GENERATED ALWAYS AS IDENTITY,
    product_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    rating smallint NOT NULL,
    body text,
    published_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_reviews PRIMARY KEY (id),
    CONSTRAINT uq_reviews_product_id_customer_id UNIQUE (product_id, customer_id),
    CONSTRAINT ck_reviews_rating_is_stars CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT fk_reviews_product_id_products FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT fk_reviews_customer_id_customers FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE INDEX ix_reviews_unmoderated ON reviews (created_at) WHERE published_at IS NULL;

CREATE TABLE coupon_redemptions (
    coupon_id integer NOT NULL,
    order_id bigint NOT NULL,
    redeemed_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_coupon_redemptions PRIMARY KEY (coupon_id, order_id),
    CONSTRAINT fk_coupon_redemptions_coupon_id_coupons
        FOREIGN KEY (coupon_id) REFERENCES coupons (id) ON DELETE CASCADE,
    CONSTRAINT fk_coupon_redemptions_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE
);

CREATE TABLE billing.invoices (
    id bigint GENERATED ALWAYS AS IDENTITY,
    number varchar(20),
    order_id bigint NOT NULL,
    tax_rate_id integer NOT NULL,
    status billing.invoice_status DEFAULT 'draft' NOT NULL,
    currency char(3) DEFAULT 'EUR' NOT NULL,
    amount numeric(12,2) NOT NULL,
    issued_on date DEFAULT CURRENT_DATE NOT NULL,
    due_on date NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_invoices PRIMARY KEY (id),
    CONSTRAINT ck_invoices_due_after_issue CHECK (due_on >= issued_on),
    CONSTRAINT uq_invoices_number UNIQUE (number),
    CONSTRAINT fk_invoices_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT fk_invoices_tax_rate_id_tax_rates FOREIGN KEY (tax_rate_id) REFERENCES billing.tax_rates (id)
);
CREATE INDEX ix_invoices_order_id ON billing.invoices (order_id);
CREATE INDEX ix_invoices_open ON billing.invoices (due_on) WHERE status = 'open';
COMMENT ON TABLE billing.invoices IS 'Never changed once it is open';
COMMENT ON COLUMN billing.invoices.number IS 'Given by a trigger when the draft is opened';

CREATE TABLE warehouse.shipments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    order_id bigint NOT NULL,
    warehouse_id integer NOT NULL,
    status warehouse.shipment_status DEFAULT 'ready' NOT NULL,
    carrier varchar(40),
    tracking_code varchar(64),
    shipped_at timestamptz,
    delivered_at timestamptz,
    CONSTRAINT pk_shipments PRIMARY KEY (id),
    CONSTRAINT fk_shipments_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT fk_shipments_warehouse_id_warehouses
        FOREIGN KEY (warehouse_id) REFERENCES warehouse.warehouses (id) ON DELETE RESTRICT,
    CONSTRAINT uq_shipments_tracking_code UNIQUE (tracking_code)
);
CREATE INDEX ix_shipments_order_id ON warehouse.shipments (order_id);

CREATE TABLE cart_items (
    id bigint GENERATED ALWAYS AS IDENTITY,
    cart_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    quantity integer DEFAULT '1' NOT NULL,
    added_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_cart_items PRIMARY KEY (id),
    CONSTRAINT uq_cart_items_cart_id_variant_id UNIQUE (cart_id, variant_id),
    CONSTRAINT ck_cart_items_quantity_positive CHECK (quantity > 0),
    CONSTRAINT fk_cart_items_cart_id_carts FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
    CONSTRAINT fk_cart_items_variant_id_product_variants
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE CASCADE
);

CREATE TABLE order_items (
    order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    variant_id uuid NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(12,2) NOT NULL,
    CONSTRAINT pk_order_items PRIMARY KEY (order_id, line_no),
    CONSTRAINT ck_order_items_quantity_positive CHECK (quantity > 0),
    CONSTRAINT fk_order_items_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT fk_order_items_variant_id_product_variants
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE RESTRICT
);
CREATE INDEX ix_order_items_variant_id ON order_items (variant_id);

CREATE TABLE billing.invoice_lines (
    invoice_id bigint NOT NULL,
    line_no smallint NOT NULL,
    text text NOT NULL,
    quantity numeric(10,3) NOT NULL,
    unit_price numeric(12,2) NOT NULL,
    amount numeric(12,2) GENERATED ALWAYS AS (round(quantity * unit_price, 2)) STORED NOT NULL,
    CONSTRAINT pk_invoice_lines PRIMARY KEY (invoice_id, line_no),
    CONSTRAINT fk_invoice_lines_invoice_id_invoices
        FOREIGN KEY (invoice_id) REFERENCES billing.invoices (id) ON DELETE CASCADE
);

CREATE TABLE billing.payments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    invoice_id bigint NOT NULL,
    method billing.payment_method NOT NULL,
    provider varchar(40) NOT NULL,
    provider_reference varchar(120) NOT NULL,
    currency char(3) DEFAULT 'EUR' NOT NULL,
    amount numeric(12,2) NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    received_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT uq_payments_provider_provider_reference UNIQUE (provider, provider_reference),
    CONSTRAINT ck_payments_amount_positive CHECK (amount > 0),
    CONSTRAINT fk_payments_invoice_id_invoices
        FOREIGN KEY (invoice_id) REFERENCES billing.invoices (id) ON DELETE RESTRICT
);
CREATE INDEX ix_payments_invoice_id ON billing.payments (invoice_id);

CREATE TABLE warehouse.stock_levels (
    warehouse_id integer NOT NULL,
    variant_id uuid NOT NULL,
    on_hand integer DEFAULT '0' NOT NULL,
    reserved integer DEFAULT '0' NOT NULL,
    counted_at timestamptz,
    CONSTRAINT pk_stock_levels PRIMARY KEY (warehouse_id, variant_id),
    CONSTRAINT ck_stock_levels_on_hand_not_negative CHECK (on_hand >= 0),
    CONSTRAINT ck_stock_levels_reserved_within_on_hand CHECK (reserved BETWEEN 0 AND on_hand),
    CONSTRAINT fk_stock_levels_warehouse_id_warehouses FOREIGN KEY (warehouse_id) REFERENCES warehouse.warehouses (id),
    CONSTRAINT fk_stock_levels_variant_id_product_variants
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE CASCADE
);
CREATE INDEX ix_stock_levels_variant_id_available ON warehouse.stock_levels (variant_id, (on_hand - reserved));
COMMENT ON TABLE warehouse.stock_levels IS 'How much of a variant lies in a warehouse';

CREATE TABLE warehouse.purchase_order_lines (
    purchase_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    variant_id uuid NOT NULL,
    quantity integer NOT NULL,
    unit_cost numeric(12,2) NOT NULL,
    CONSTRAINT pk_purchase_order_lines PRIMARY KEY (purchase_order_id, line_no),
    CONSTRAINT ck_purchase_order_lines_quantity_positive CHECK (quantity > 0),
    CONSTRAINT fk_purchase_order_lines_purchase_order_id_purchase_orders
        FOREIGN KEY (purchase_order_id) REFERENCES warehouse.purchase_orders (id) ON DELETE CASCADE,
    CONSTRAINT fk_purchase_order_lines_variant_id_product_variants
        FOREIGN KEY (variant_id) REFERENCES product_variants (id) ON DELETE RESTRICT
);

CREATE TABLE billing.refunds (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    payment_id uuid NOT NULL,
    amount numeric(12,2) NOT NULL,
    reason text,
    refunded_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_refunds PRIMARY KEY (id),
    CONSTRAINT ck_refunds_amount_positive CHECK (amount > 0),
    CONSTRAINT fk_refunds_payment_id_payments
        FOREIGN KEY (payment_id) REFERENCES billing.payments (id) ON DELETE RESTRICT
);
CREATE INDEX ix_refunds_payment_id ON billing.refunds (payment_id);

ALTER TABLE customers ADD CONSTRAINT fk_customers_default_address_id_addresses
    FOREIGN KEY (default_address_id) REFERENCES addresses (id) ON DELETE SET NULL;

-- ---------------------------------------------------------------------------------------------------------------------
-- What only migrations make.

CREATE TABLE alembic_version (
    version_num varchar(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version (version_num) VALUES ('9c41d0b7e2aa');

CREATE TABLE audit.events_2025_q4 PARTITION OF audit.events
    FOR VALUES FROM ('2025-10-01 00:00+00') TO ('2026-01-01 00:00+00');
CREATE TABLE audit.events_2026_q1 PARTITION OF audit.events
    FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-04-01 00:00+00');
CREATE TABLE audit.events_2026_q2 PARTITION OF audit.events
    FOR VALUES FROM ('2026-04-01 00:00+00') TO ('2026-07-01 00:00+00');
CREATE TABLE audit.events_default PARTITION OF audit.events DEFAULT;

CREATE DOMAIN country_code AS char(2) CONSTRAINT country_code_is_iso CHECK (VALUE ~ '^[A-Z]{2}$');
COMMENT ON DOMAIN country_code IS 'ISO 3166-1, two letters';

CREATE SEQUENCE billing.invoice_number_seq AS bigint START WITH 10001 NO CYCLE;

-- Functions.

CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- As its owner, so that the application needs no right to write into the audit schema.
CREATE FUNCTION audit.record_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO audit.events (table_name, row_key, operation, before, after, actor)
    VALUES (TG_TABLE_NAME, coalesce(NEW.id, OLD.id)::text, TG_OP, to_jsonb(OLD), to_jsonb(NEW), session_user);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION audit.record_change() IS 'For AFTER triggers of tables whose key is id';

CREATE FUNCTION billing.number_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'open' AND NEW.number IS NULL THEN
        NEW.number := to_char(NEW.issued_on, 'YYYY') || '-' ||
            lpad(nextval('billing.invoice_number_seq')::text, 7, '0');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION billing.tax_percent(in_country country_code, on_day date DEFAULT CURRENT_DATE) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT percent FROM billing.tax_rates
    WHERE country = in_country AND name = 'standard' AND valid_from <= on_day
    ORDER BY valid_from DESC LIMIT 1
$$;

-- Triggers.

CREATE TRIGGER addresses_set_updated_at BEFORE UPDATE ON addresses FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER carts_set_updated_at BEFORE UPDATE ON carts FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER customers_set_updated_at BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER orders_set_updated_at BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER products_set_updated_at BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER product_variants_set_updated_at BEFORE UPDATE ON product_variants
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER reviews_set_updated_at BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER invoices_set_updated_at BEFORE UPDATE ON billing.invoices FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER purchase_orders_set_updated_at BEFORE UPDATE ON warehouse.purchase_orders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER invoices_number BEFORE INSERT OR UPDATE OF status ON billing.invoices
    FOR EACH ROW EXECUTE FUNCTION billing.number_invoice();

CREATE TRIGGER customers_record_change AFTER INSERT OR UPDATE OR DELETE ON customers
    FOR EACH ROW EXECUTE FUNCTION audit.record_change();
CREATE TRIGGER orders_record_change AFTER INSERT OR UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION audit.record_change();
CREATE TRIGGER invoices_record_change AFTER INSERT OR UPDATE OR DELETE ON billing.invoices
    FOR EACH ROW EXECUTE FUNCTION audit.record_change();
CREATE TRIGGER payments_record_change AFTER INSERT OR UPDATE OR DELETE ON billing.payments
    FOR EACH ROW EXECUTE FUNCTION audit.record_change();

-- Views.

CREATE VIEW active_products AS
SELECT p.id, p.slug, p.name, min(v.price) AS price_from, count(v.id) AS variants
FROM products p
JOIN product_variants v ON v.product_id = p.id
WHERE p.status = 'active'
GROUP BY p.id, p.slug, p.name;
COMMENT ON VIEW active_products IS 'What the list of a category shows';

CREATE VIEW billing.open_invoices AS
SELECT i.id, i.number, i.order_id, i.due_on, i.amount, i.amount - coalesce(sum(p.amount), 0) AS due
FROM billing.invoices i
LEFT JOIN billing.payments p ON p.invoice_id = i.id
WHERE i.status = 'open'
GROUP BY i.id, i.number, i.order_id, i.due_on, i.amount;

CREATE MATERIALIZED VIEW warehouse.stock_summary AS
SELECT s.variant_id, v.sku, sum(s.on_hand) AS on_hand, sum(s.reserved) AS reserved
FROM warehouse.stock_levels s
JOIN product_variants v ON v.id = s.variant_id
GROUP BY s.variant_id, v.sku;
CREATE UNIQUE INDEX uq_stock_summary_variant_id ON warehouse.stock_summary (variant_id);

-- Roles and what they may do. Roles belong to the whole server: another database may have made them already.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['shop_app', 'shop_readonly'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT USAGE ON SCHEMA billing, warehouse TO shop_app, shop_readonly;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, billing, warehouse TO shop_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, billing, warehouse TO shop_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public, billing, warehouse TO shop_readonly;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM shop_app;
REVOKE DELETE ON orders, billing.invoices, billing.payments FROM shop_app;
REVOKE EXECUTE ON FUNCTION billing.tax_percent(country_code, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION billing.tax_percent(country_code, date) TO shop_app, shop_readonly;

-- A customer's session sees the customer's own rows; without a customer, such as in a job, it sees all.

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;

CREATE POLICY customers_own ON customers TO shop_app
    USING (coalesce(current_setting('shop.customer_id', true), '') IN ('', id::text));
CREATE POLICY addresses_own ON addresses TO shop_app
    USING (coalesce(current_setting('shop.customer_id', true), '') IN ('', customer_id::text));
CREATE POLICY orders_own ON orders TO shop_app
    USING (coalesce(current_setting('shop.customer_id', true), '') IN ('', customer_id::text));
CREATE POLICY orders_readonly ON orders FOR SELECT TO shop_readonly USING (true);
