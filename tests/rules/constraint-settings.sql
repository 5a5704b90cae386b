-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT one_code UNIQUE (code);
-- bad
ALTER INDEX one_code SET (fillfactor = 80);
-- near: a setting of the primary key
ALTER INDEX orders_pkey SET (fillfactor = 80);
