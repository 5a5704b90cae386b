-- old
CREATE TABLE orders (id integer NOT NULL, total integer);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD PRIMARY KEY (id);
-- good
CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;
-- refused 23505
INSERT INTO orders VALUES (1);
-- near: a unique constraint
ALTER TABLE orders ADD UNIQUE (id);
