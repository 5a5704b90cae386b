-- old
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- bad
DROP FUNCTION price(integer);
-- near: another body
CREATE OR REPLACE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
