-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
GRANT SELECT ON orders TO app;
-- near: a grant that is there
GRANT SELECT ON orders TO CURRENT_USER;
