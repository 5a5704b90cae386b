-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE VIEW latest AS SELECT id FROM orders;
-- bad
CREATE OR REPLACE VIEW latest AS SELECT id FROM orders WHERE id > 5;
-- near: the same body, spelled otherwise
CREATE OR REPLACE VIEW latest AS SELECT orders.id FROM public.orders;
