-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
-- new
ALTER TABLE orders ALTER COLUMN code TYPE text;
ALTER TABLE orders ALTER COLUMN price TYPE numeric(12,2);
ALTER TABLE orders ALTER COLUMN at TYPE timestamptz;
-- says
widen-type brief-lock
widen-type brief-lock
widen-type brief-lock
