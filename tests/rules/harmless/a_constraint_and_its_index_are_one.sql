-- old
CREATE TABLE orders (code text);
-- new
ALTER TABLE orders ADD UNIQUE (code);
-- says
unique-missing brief-lock
