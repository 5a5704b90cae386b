-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN code TYPE varchar(10);
-- good
ALTER TABLE orders ADD COLUMN code_new varchar(10);
UPDATE orders SET code_new = code;
BEGIN;
ALTER TABLE orders DROP COLUMN code;
ALTER TABLE orders RENAME COLUMN code_new TO code;
COMMIT;
-- refused 22001
UPDATE orders SET code = 'longer than ten' WHERE id = 1;
-- near: a wider one
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN total TYPE smallint;
-- old
CREATE TABLE prices (n numeric(12,4));
INSERT INTO prices SELECT 1 FROM generate_series(1, 500);
-- bad
ALTER TABLE prices ALTER COLUMN n TYPE numeric(12,2);
