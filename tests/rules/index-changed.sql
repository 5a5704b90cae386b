-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_code ON orders (code);
-- bad
BEGIN;
DROP INDEX by_code;
CREATE INDEX by_code ON orders (code, id);
COMMIT;
-- good
ALTER INDEX by_code RENAME TO by_code_old;
CREATE INDEX CONCURRENTLY by_code ON orders (code, id);
DROP INDEX CONCURRENTLY by_code_old;
-- near: another index beside it
CREATE INDEX by_code_and_id ON orders (code, id);
