-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_code ON orders (lower(code));
-- bad
ALTER INDEX by_code ALTER COLUMN 1 SET STATISTICS 500;
-- near: other columns
BEGIN;
DROP INDEX by_code;
CREATE INDEX by_code ON orders (code);
COMMIT;
