-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
ALTER TABLE orders OWNER TO app;
-- near: a grant
GRANT SELECT ON orders TO app;
