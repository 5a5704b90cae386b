-- old
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- bad
CREATE OR REPLACE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
-- near: another owner
ALTER FUNCTION price(integer) OWNER TO app;
