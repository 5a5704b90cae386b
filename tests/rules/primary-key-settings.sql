-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER INDEX orders_pkey SET (fillfactor = 80);
-- near: a setting of the table
ALTER TABLE orders SET (fillfactor = 80);
