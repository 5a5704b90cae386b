-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;
-- bad
ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;
-- near: the column as a whole
ALTER TABLE orders DROP COLUMN total;
