-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
-- good none: it is brief, but for a CHECK that names the column: drop that first, and add it again NOT VALID
-- near: a narrower one
ALTER TABLE orders ALTER COLUMN code TYPE varchar(10);
-- near: a larger number, which is written anew
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN code TYPE text;
-- old
CREATE DOMAIN plain AS integer;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ALTER COLUMN total TYPE plain;
-- old
CREATE TABLE prices (n numeric(10,2), at timestamptz(3), b varbit(4), net cidr);
INSERT INTO prices SELECT 1 FROM generate_series(1, 500);
-- bad
ALTER TABLE prices ALTER COLUMN n TYPE numeric(12,2);
ALTER TABLE prices ALTER COLUMN at TYPE timestamptz;
ALTER TABLE prices ALTER COLUMN b TYPE varbit(8);
ALTER TABLE prices ALTER COLUMN net TYPE inet;
-- old
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CHECK (code <> '');
-- bad
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
-- old
CREATE TABLE codes (code varchar(20) PRIMARY KEY);
INSERT INTO codes SELECT generate_series(1, 500);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD FOREIGN KEY (code) REFERENCES codes;
-- bad
ALTER TABLE orders ALTER COLUMN code TYPE text;
