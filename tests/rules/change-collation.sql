-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
CREATE INDEX by_note ON orders (note);
-- bad
ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "C";
-- good
ALTER TABLE orders ADD COLUMN note_new text COLLATE "C";
UPDATE orders SET note_new = note;
CREATE INDEX CONCURRENTLY by_note_new ON orders (note_new);
BEGIN;
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE orders RENAME COLUMN note_new TO note;
ALTER INDEX by_note_new RENAME TO by_note;
COMMIT;
-- near: the collation that the type has
ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "default";
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "C";
