-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
CREATE INDEX by_code ON orders (code);
-- good
CREATE INDEX CONCURRENTLY by_code ON orders (code);
-- near: an index of a new table
CREATE TABLE parts (n integer);
CREATE INDEX by_n ON parts (n);
-- old
CREATE TABLE log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO log SELECT '2026-01-05' FROM generate_series(1, 500);
-- bad
CREATE INDEX by_what ON log (what);
