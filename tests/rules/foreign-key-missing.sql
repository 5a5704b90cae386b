-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD CONSTRAINT key FOREIGN KEY (customer) REFERENCES customers;
-- good
ALTER TABLE orders ADD CONSTRAINT key FOREIGN KEY (customer) REFERENCES customers NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT key;
-- refused 23503
UPDATE orders SET customer = 0 WHERE id = 1;
-- near: a key of a new table
CREATE TABLE notes (customer integer REFERENCES customers);
