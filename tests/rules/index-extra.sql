-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_code ON orders (code);
-- bad
DROP INDEX by_code;
-- good
DROP INDEX CONCURRENTLY by_code;
-- near: an index under another name
ALTER INDEX by_code RENAME TO code_first;
