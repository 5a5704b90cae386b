-- old
CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, total amount);
INSERT INTO orders SELECT n, n FROM generate_series(1, 500) n;
ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);
-- bad
ALTER DOMAIN amount DROP CONSTRAINT positive;
-- near: a rule of a table
ALTER TABLE orders ADD CHECK (total > 0);
