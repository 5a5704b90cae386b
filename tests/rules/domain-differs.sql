-- old
CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, total amount);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
-- bad
ALTER DOMAIN amount SET DEFAULT 1;
-- good none: make a new domain beside it and move the columns one by one
-- near: a rule that is added
ALTER DOMAIN amount ADD CHECK (VALUE > 0);
-- old
CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, total amount);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
-- bad
BEGIN;
CREATE DOMAIN amount_new AS bigint;
ALTER TABLE orders ALTER COLUMN total TYPE amount_new;
DROP DOMAIN amount;
ALTER DOMAIN amount_new RENAME TO amount;
COMMIT;
