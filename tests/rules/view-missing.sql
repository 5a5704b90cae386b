-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
CREATE VIEW latest AS SELECT id FROM orders;
-- near: a table
CREATE TABLE latest (id integer);
