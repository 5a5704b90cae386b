-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE UNIQUE INDEX by_code ON orders (code);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_code'::regclass;
-- bad
BEGIN;
DROP INDEX by_code;
CREATE UNIQUE INDEX by_code ON orders (code);
COMMIT;
-- good
REINDEX INDEX CONCURRENTLY by_code;
-- near: an index that only goes
DROP INDEX by_code;
