-- old
CREATE TYPE state AS ENUM ('new');
-- bad
DROP TYPE state;
-- near: a label that is added
ALTER TYPE state ADD VALUE 'paid';
