-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);
-- good
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;
-- refused 23514
UPDATE orders SET total = 0 WHERE id = 1;
-- near: a check of a new table
CREATE TABLE parts (n integer CHECK (n > 0));
