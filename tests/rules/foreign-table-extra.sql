-- old
CREATE FOREIGN DATA WRAPPER none;
CREATE SERVER far FOREIGN DATA WRAPPER none;
CREATE FOREIGN TABLE orders (id integer) SERVER far;
-- bad
DROP FOREIGN TABLE orders;
-- near: a column
ALTER FOREIGN TABLE orders ADD COLUMN n integer;
