-- old
CREATE TABLE orders (id integer PRIMARY KEY, total integer, code varchar(20), price numeric(10,2), at timestamptz(3));
INSERT INTO orders SELECT n, n, n::text, n, now() FROM generate_series(1, 500) n;
ALTER TABLE orders ADD CONSTRAINT there CHECK (total IS NOT NULL);
-- new
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
-- says
set-not-null refusal broken-code brief-lock
