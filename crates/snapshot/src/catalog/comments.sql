-- Comments of everything, by address. The server's own objects have lower numbers, but for the schema public;
-- the comment that an extension came with is its author's, not the user's.
SELECT d.classoid AS class, d.objoid AS object, d.objsubid AS part, d.description AS text
  FROM pg_description d
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass) 
   AND (d.classoid <> 'pg_extension'::regclass
        OR d.description IS DISTINCT FROM (
             SELECT a.comment FROM pg_extension x JOIN pg_available_extensions a ON a.name = x.extname
              WHERE x.oid = d.objoid))
