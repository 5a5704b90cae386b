-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
COMMENT ON COLUMN orders.note IS 'What the customer said';
-- near: a comment that is none
COMMENT ON COLUMN orders.note IS NULL;
