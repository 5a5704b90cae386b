-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
CREATE UNIQUE INDEX one_code ON orders (code);
-- good
CREATE UNIQUE INDEX CONCURRENTLY one_code ON orders (code);
-- refused 23505
UPDATE orders SET code = '1';
-- near: an index that allows duplicates
CREATE INDEX by_code ON orders (code);
