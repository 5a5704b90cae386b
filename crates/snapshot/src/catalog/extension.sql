-- plpgsql is in every database from the start.
SELECT 'extension' AS kind, x.tableoid AS class, x.oid AS object, 0 AS part,
       ARRAY[x.extname] AS path,
       pg_get_userbyid(x.extowner) AS owner,
       NULL::text[] AS grants,
       json_build_object('schema', n.nspname, 'version', x.extversion) AS body
  FROM pg_extension x
  JOIN pg_namespace n ON n.oid = x.extnamespace
 WHERE x.extname <> 'plpgsql'
