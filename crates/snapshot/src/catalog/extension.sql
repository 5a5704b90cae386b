-- plpgsql is in every database from the start.
SELECT 'extension' AS kind, 'pg_extension'::regclass::oid AS class, x.oid AS object, 0 AS part,
       ARRAY[x.extname::text] AS path,
       pg_get_userbyid(x.extowner)::text AS owner,
       NULL::text[] AS grants,
       -- The comment is the extension's own, not the user's.
       NULL::text AS comment,
       json_build_object('schema', n.nspname, 'version', x.extversion)::text AS body
  FROM pg_extension x
  JOIN pg_namespace n ON n.oid = x.extnamespace
 WHERE x.extname <> 'plpgsql'
