-- old
CREATE TABLE base (id integer);
CREATE TABLE orders (id integer);
-- bad
ALTER TABLE orders INHERIT base;
-- near: a new table that inherits
CREATE TABLE parts () INHERITS (base);
