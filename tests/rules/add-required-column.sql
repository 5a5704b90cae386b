-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
ALTER TABLE orders ADD COLUMN state text NOT NULL;
-- good
ALTER TABLE orders ADD COLUMN state text;
UPDATE orders SET state = 'new' WHERE state IS NULL;
ALTER TABLE orders ADD CONSTRAINT state_is_there CHECK (state IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT state_is_there;
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT state_is_there;
-- refused 23502
INSERT INTO orders VALUES (1);
-- near: a constant default
ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';
-- near: a nullable column
ALTER TABLE orders ADD COLUMN state text;
