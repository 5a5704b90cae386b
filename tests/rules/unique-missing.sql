-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD CONSTRAINT one_code UNIQUE (code);
-- good
CREATE UNIQUE INDEX CONCURRENTLY one_code ON orders (code);
ALTER TABLE orders ADD CONSTRAINT one_code UNIQUE USING INDEX one_code;
-- refused 23505
UPDATE orders SET code = '1';
-- near: a unique index
CREATE UNIQUE INDEX one_code ON orders (code);
