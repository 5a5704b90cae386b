-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_code ON orders (code);
-- bad
ALTER INDEX by_code RENAME TO code_first;
-- near: another index
CREATE INDEX by_note ON orders (note);
