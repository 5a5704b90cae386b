-- old
CREATE TABLE orders (id integer NOT NULL, total integer);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
ALTER TABLE orders ADD PRIMARY KEY (id);
-- bad
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
-- near: a key under another name
ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO pk_orders;
