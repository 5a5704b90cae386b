-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
-- bad
ALTER TABLE orders VALIDATE CONSTRAINT positive;
-- refused 23514
ALTER TABLE orders DROP CONSTRAINT positive;
UPDATE orders SET total = 0 WHERE id = 1;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
-- near: a check that is new
ALTER TABLE orders ADD CHECK (id > 0) NOT VALID;
