-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE MATERIALIZED VIEW sums AS SELECT sum(total) FROM orders;
-- bad
BEGIN;
DROP MATERIALIZED VIEW sums;
CREATE MATERIALIZED VIEW sums AS SELECT sum(total) + 0 AS sum FROM orders;
COMMIT;
-- near: newer rows
REFRESH MATERIALIZED VIEW sums;
