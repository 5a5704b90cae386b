-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
-- good
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
UPDATE orders SET token = gen_random_uuid() WHERE token IS NULL;
-- near: the moment of the change, which is one for all rows
ALTER TABLE orders ADD COLUMN seen timestamptz NOT NULL DEFAULT now();
-- near: the name of a function within a text
ALTER TABLE orders ADD COLUMN how text DEFAULT 'random()';
-- near: a default that is set later
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT gen_random_uuid();
-- old
CREATE FUNCTION fresh() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION same() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD COLUMN n integer DEFAULT fresh();
-- near: a function of the user that never changes
ALTER TABLE orders ADD COLUMN n integer DEFAULT same();
