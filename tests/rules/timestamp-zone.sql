-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN placed TYPE timestamptz;
-- good
SET timezone = 'UTC';
ALTER TABLE orders ALTER COLUMN placed TYPE timestamptz;
-- near: more digits of the same
ALTER TABLE orders ALTER COLUMN placed TYPE timestamp(6);
