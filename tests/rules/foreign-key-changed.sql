-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers;
CREATE INDEX orders_customer ON orders (customer);
-- bad
BEGIN;
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE SET NULL;
COMMIT;
-- good
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey_new FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE SET NULL NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey_new;
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
ALTER TABLE orders RENAME CONSTRAINT orders_customer_fkey_new TO orders_customer_fkey;
-- refused 23503
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
UPDATE orders SET customer = 0 WHERE id = 1;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers NOT VALID;
-- near: when it is checked
ALTER TABLE orders ALTER CONSTRAINT orders_customer_fkey DEFERRABLE;
