-- old
CREATE TABLE orders (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO orders SELECT generate_series(1, 500);
-- bad
ALTER TABLE orders DROP COLUMN twice;
ALTER TABLE orders ADD COLUMN twice integer GENERATED ALWAYS AS (id + id + 0) STORED;
-- good none: a computed column cannot be swapped in; make one with another name and move the readers to it
-- near: another default
ALTER TABLE orders ALTER COLUMN id SET DEFAULT 1;
-- old 17
CREATE TABLE orders (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO orders SELECT generate_series(1, 500);
-- bad
ALTER TABLE orders ALTER COLUMN twice SET EXPRESSION AS (id + id + 0);
-- old 18
CREATE TABLE orders (id integer, twice integer GENERATED ALWAYS AS (id * 2) VIRTUAL);
INSERT INTO orders SELECT generate_series(1, 500);
-- bad
ALTER TABLE orders ALTER COLUMN twice SET EXPRESSION AS (id + id + 0);
