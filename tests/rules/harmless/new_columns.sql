-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
-- new
ALTER TABLE orders ADD COLUMN a text;
ALTER TABLE orders ADD COLUMN b text DEFAULT 'x';
ALTER TABLE orders ADD COLUMN c text NOT NULL DEFAULT 'x';
ALTER TABLE orders ADD COLUMN d timestamptz NOT NULL DEFAULT now();
-- says
add-column brief-lock
add-column brief-lock
add-column brief-lock
add-column brief-lock
