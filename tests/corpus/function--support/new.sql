CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql SUPPORT generate_series_int8_support AS 'SELECT 1';
