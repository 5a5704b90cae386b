-- old 18
CREATE TABLE orders (id integer CONSTRAINT there NOT NULL);
-- bad
ALTER TABLE orders RENAME CONSTRAINT there TO is_there;
-- near: a default
ALTER TABLE orders ALTER COLUMN id SET DEFAULT 1;
