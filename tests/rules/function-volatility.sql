-- old
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_price ON orders (price(total));
-- bad
ALTER FUNCTION price(integer) STABLE;
-- near: a promise that is made
CREATE FUNCTION other() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
