-- old
SELECT 1;
-- bad
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- near: what belongs to an extension
CREATE EXTENSION pgcrypto;
