SELECT 'function' AS kind, 'pg_proc'::regclass::oid AS class, p.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, format('%s(%s)', p.proname, oidvectortypes(p.proargtypes))] AS path,
       pg_get_userbyid(p.proowner)::text AS owner,
       coalesce(p.proacl, acldefault('f', p.proowner))::text[] AS grants,
       d.description AS comment,
       json_build_object('definition', rtrim(pg_get_functiondef(p.oid), E'\n'))::text AS body
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i')
 WHERE p.prokind = 'f'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
