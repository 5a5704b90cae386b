-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders SET (fillfactor = 80);
-- near: a setting of an index
ALTER INDEX orders_pkey SET (fillfactor = 80);
-- old
CREATE TABLE log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO log SELECT '2026-01-05' FROM generate_series(1, 500);
-- bad
ALTER TABLE log_1 SET (fillfactor = 80);
