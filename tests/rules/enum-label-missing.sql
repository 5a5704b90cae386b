-- old
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id integer, state state);
INSERT INTO orders SELECT n, 'new' FROM generate_series(1, 500) n;
-- bad
ALTER TYPE state ADD VALUE 'sent';
-- near: a type that is new
CREATE TYPE other AS ENUM ('a');
