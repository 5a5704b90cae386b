SELECT 'schema' AS kind, 'pg_namespace'::regclass::oid AS class, n.oid AS object, 0 AS part,
       ARRAY[n.nspname::text] AS path,
       pg_get_userbyid(n.nspowner)::text AS owner,
       coalesce(n.nspacl, acldefault('n', n.nspowner))::text[] AS grants,
       d.description AS comment,
       '{}' AS body
  FROM pg_namespace n
  LEFT JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e'
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
