-- old
SELECT 1;
-- bad
CREATE EXTENSION pgcrypto;
-- near: a function
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
