-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders SET UNLOGGED;
-- good none: a new table, rows copied in batches, names swapped
-- near: a new unlogged table
CREATE UNLOGGED TABLE cache (id integer);
