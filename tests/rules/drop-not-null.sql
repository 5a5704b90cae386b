-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer NOT NULL);
-- bad
ALTER TABLE orders ALTER COLUMN total DROP NOT NULL;
-- near: a default beside
ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;
