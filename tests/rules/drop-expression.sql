-- old
CREATE TABLE orders (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO orders SELECT generate_series(1, 500);
-- bad
ALTER TABLE orders ALTER COLUMN twice DROP EXPRESSION;
-- near: a default that goes
ALTER TABLE orders ALTER COLUMN id SET DEFAULT 1;
ALTER TABLE orders ALTER COLUMN id DROP DEFAULT;
