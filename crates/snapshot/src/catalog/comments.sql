-- Comments of everything, by address. The server's own objects have lower numbers, but for the schema public;
-- an extension's comment is its author's, not the user's.
SELECT d.classoid AS class, d.objoid AS object, d.objsubid AS part, d.description AS text
  FROM pg_description d
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass) AND d.classoid <> 'pg_extension'::regclass
