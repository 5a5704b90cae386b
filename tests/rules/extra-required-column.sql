-- old
CREATE TABLE orders (id integer PRIMARY KEY, state text NOT NULL);
-- bad
ALTER TABLE orders DROP COLUMN state;
-- near: a column that the database fills
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';
-- near: a key that stays
ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;
