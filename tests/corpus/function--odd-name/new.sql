CREATE FUNCTION "Odd (x)"("Odd Type" int) RETURNS int LANGUAGE sql AS 'SELECT 2';
