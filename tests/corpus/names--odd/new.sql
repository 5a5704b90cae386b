CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."a ""b"" (c)" ("x.y" int DEFAULT 2, "<script>" text, "späti 🍦" text);
CREATE FUNCTION "Odd.Schema"."f(x)"() RETURNS int LANGUAGE sql AS 'SELECT 1';
