-- old
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- bad
ALTER FUNCTION price(integer) SECURITY DEFINER;
-- near: a path that is set
ALTER FUNCTION price(integer) SECURITY DEFINER SET search_path = pg_catalog;
