-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE VIEW latest AS SELECT id FROM orders;
-- bad
ALTER VIEW latest ALTER COLUMN id SET DEFAULT 1;
-- near: a default of the table
ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1;
