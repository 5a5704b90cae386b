-- old
CREATE FOREIGN DATA WRAPPER none;
CREATE SERVER far FOREIGN DATA WRAPPER none;
CREATE FOREIGN TABLE orders (id integer) SERVER far;
-- bad
ALTER FOREIGN TABLE orders OPTIONS (name 'x');
-- near: a column
ALTER FOREIGN TABLE orders ADD COLUMN n integer;
