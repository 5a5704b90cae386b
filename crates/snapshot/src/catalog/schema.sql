SELECT 'schema' AS kind, n.tableoid AS class, n.oid AS object, 0 AS part,
       ARRAY[n.nspname] AS path,
       pg_get_userbyid(n.nspowner) AS owner,
       coalesce(n.nspacl, acldefault('n', n.nspowner))::text[] AS grants,
       '{}'::json AS body
  FROM pg_namespace n
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
