-- old
CREATE DOMAIN amount AS integer CHECK (VALUE >= 0);
CREATE DOMAIN any_amount AS integer;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders ADD COLUMN paid amount;
-- good none: put the rule on the table instead, and give the column the type beneath the domain
-- near: a domain without rules
ALTER TABLE orders ADD COLUMN paid any_amount;
-- near: the type beneath it
ALTER TABLE orders ADD COLUMN paid integer;
