-- old
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id integer, state state);
INSERT INTO orders SELECT n, 'new' FROM generate_series(1, 500) n;
-- bad
BEGIN;
CREATE TYPE state_new AS ENUM ('paid', 'new');
ALTER TABLE orders ALTER COLUMN state TYPE state_new USING state::text::state_new;
DROP TYPE state;
ALTER TYPE state_new RENAME TO state;
COMMIT;
-- good none: leave the order, or sort by an expression
-- near: a label that is added
ALTER TYPE state ADD VALUE 'sent';
