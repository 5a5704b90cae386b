-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
ALTER TABLE orders ADD COLUMN raw json;
-- near: the type that compares
ALTER TABLE orders ADD COLUMN raw jsonb;
