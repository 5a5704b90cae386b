-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
CREATE RULE quiet AS ON DELETE TO orders DO INSTEAD NOTHING;
-- near: a view, which has a rule of its own
CREATE VIEW latest AS SELECT id FROM orders;
