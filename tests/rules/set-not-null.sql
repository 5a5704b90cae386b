-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
-- good
ALTER TABLE orders ADD CONSTRAINT total_is_there CHECK (total IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_is_there;
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT total_is_there;
-- refused 23502
INSERT INTO orders (id) VALUES (0);
-- near: a new column that is NOT NULL
ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT '';
-- near: a check instead
ALTER TABLE orders ADD CHECK (total IS NOT NULL);
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total IS NOT NULL AND total > 0);
-- bad
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total IS NOT NULL) NOT VALID;
-- bad
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
