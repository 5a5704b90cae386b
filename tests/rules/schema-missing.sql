-- old
SELECT 1;
-- bad
CREATE SCHEMA billing;
-- near: a table in a schema that is there
CREATE TABLE billing (id integer);
