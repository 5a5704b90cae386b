-- old
SELECT 1;
-- bad
CREATE TABLE orders (id integer PRIMARY KEY);
-- near: a view
CREATE VIEW orders AS SELECT 1 AS id;
-- old
CREATE TABLE customers (id integer PRIMARY KEY, name text);
INSERT INTO customers SELECT n, n::text FROM generate_series(1, 500) n;
-- bad
CREATE TABLE orders (id integer PRIMARY KEY, customer integer REFERENCES customers);
