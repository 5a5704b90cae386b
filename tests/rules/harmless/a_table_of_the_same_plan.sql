-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
-- new
CREATE TABLE parts (id bigserial PRIMARY KEY, code text UNIQUE, n integer CHECK (n > 0) NOT NULL, orders integer REFERENCES orders);
CREATE INDEX parts_n ON parts (n);
-- says
table-missing brief-lock
