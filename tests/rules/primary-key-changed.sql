-- old
CREATE TABLE orders (id integer NOT NULL, total integer NOT NULL);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
ALTER TABLE orders ADD PRIMARY KEY (id);
-- bad
BEGIN;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders ADD PRIMARY KEY (total);
COMMIT;
-- good
CREATE UNIQUE INDEX CONCURRENTLY orders_new ON orders (total);
BEGIN;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_new;
COMMIT;
-- refused 23505
UPDATE orders SET total = 1;
-- near: a key under another name
ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO pk_orders;
