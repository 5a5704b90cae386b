-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
-- good
ALTER TABLE orders ADD COLUMN total_new bigint;
UPDATE orders SET total_new = total;
ALTER TABLE orders DROP COLUMN total;
ALTER TABLE orders RENAME COLUMN total_new TO total;
-- near: a type that is spelled otherwise
ALTER TABLE orders ALTER COLUMN total TYPE int4;
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN note TYPE integer USING note::integer;
-- refused 22P02
UPDATE orders SET note = 'many' WHERE id = 1;
-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers;
CREATE INDEX orders_customer ON orders (customer);
-- bad
ALTER TABLE orders ALTER COLUMN customer TYPE bigint;
-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers;
CREATE INDEX orders_customer ON orders (customer);
-- bad
ALTER TABLE customers ALTER COLUMN id TYPE bigint;
-- old
CREATE TABLE tags (names varchar(10)[]);
INSERT INTO tags SELECT '{}' FROM generate_series(1, 500);
-- bad
ALTER TABLE tags ALTER COLUMN names TYPE varchar(20)[];
-- old
CREATE DOMAIN amount AS integer CHECK (VALUE >= 0);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN total TYPE amount;
