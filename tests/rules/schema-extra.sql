-- old
CREATE SCHEMA billing;
-- bad
DROP SCHEMA billing;
-- near: a table in it
CREATE TABLE billing.t (id integer);
