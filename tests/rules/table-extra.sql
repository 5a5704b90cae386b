-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
DROP TABLE orders;
-- near: a column
ALTER TABLE orders ADD COLUMN n integer;
-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers;
CREATE INDEX orders_customer ON orders (customer);
-- bad
DROP TABLE orders;
