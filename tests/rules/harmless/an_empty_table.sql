-- old
CREATE TABLE orders (id integer, total integer);
-- new
CREATE INDEX by_total ON orders (total);
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
ALTER TABLE orders ALTER COLUMN id SET NOT NULL;
-- says
change-type broken-code brief-lock
set-not-null broken-code brief-lock
index-missing
