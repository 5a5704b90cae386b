CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'lower';
