-- old
CREATE FOREIGN DATA WRAPPER none;
CREATE SERVER far FOREIGN DATA WRAPPER none;
CREATE FOREIGN TABLE orders (id integer) SERVER far;
-- bad
ALTER FOREIGN TABLE orders ALTER COLUMN id OPTIONS (name 'nr');
-- near: options of the table
ALTER FOREIGN TABLE orders OPTIONS (name 'x');
