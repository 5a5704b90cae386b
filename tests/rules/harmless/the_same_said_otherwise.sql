-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ALTER COLUMN code SET DEFAULT 'a';
ALTER TABLE orders ADD CONSTRAINT known CHECK (code IN ('a', 'b')) NOT VALID;
GRANT SELECT, INSERT ON orders TO app;
CREATE SEQUENCE numbers;
-- new
ALTER TABLE orders ALTER COLUMN code SET DEFAULT 'a'::varchar;
ALTER TABLE orders DROP CONSTRAINT known;
ALTER TABLE orders ADD CONSTRAINT known CHECK (code = ANY (ARRAY['a', 'b'])) NOT VALID;
REVOKE SELECT ON orders FROM app;
GRANT SELECT ON orders TO app;
SELECT nextval('numbers');
ALTER TABLE orders ADD COLUMN gone integer;
ALTER TABLE orders DROP COLUMN gone;
ANALYZE orders;
-- says

