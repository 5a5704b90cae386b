-- old
SELECT 1;
-- bad
CREATE TYPE state AS ENUM ('new');
-- near: a table, which has a type of its own
CREATE TABLE t (a integer);
