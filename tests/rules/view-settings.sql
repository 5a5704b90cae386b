-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE VIEW latest AS SELECT id FROM orders;
-- bad
ALTER VIEW latest SET (check_option = local);
-- near: whose rights it reads with
ALTER VIEW latest SET (security_invoker = true);
