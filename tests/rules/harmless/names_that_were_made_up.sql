-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD UNIQUE (code);
CREATE INDEX orders_total_idx ON orders (total);
-- new
ALTER TABLE orders RENAME CONSTRAINT orders_code_key TO uq_orders_code;
ALTER INDEX orders_total_idx RENAME TO ix_orders_total;
-- says
index-name
name-only brief-lock
