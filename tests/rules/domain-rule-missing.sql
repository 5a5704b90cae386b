-- old
CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, total amount);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
-- bad
ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);
-- good none: put the rule on each table, NOT VALID, and validate it there
-- refused 23514
UPDATE orders SET total = 0 WHERE id = 1;
-- near: another default
ALTER DOMAIN amount SET DEFAULT 1;
-- old
CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, total amount);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
-- bad
ALTER DOMAIN amount SET NOT NULL;
