-- old
CREATE TABLE orders (id integer PRIMARY KEY);
-- bad
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;
-- near: a grant
GRANT SELECT ON orders TO app;
