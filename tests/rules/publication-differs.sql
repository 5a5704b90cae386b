-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
CREATE PUBLICATION feed FOR TABLE orders;
-- near: a table that is in none
CREATE TABLE parts (id integer);
