-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE POLICY own ON orders USING (true);
-- bad
ALTER POLICY own ON orders USING (id > 0);
-- near: a second policy
CREATE POLICY more ON orders USING (false);
