SELECT 'policy' AS kind, 'pg_policy'::regclass::oid AS class, p.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text, p.polname::text] AS path,
       NULL::text AS owner, NULL::text[] AS grants, d.description AS comment,
       json_build_object(
         'permissive', p.polpermissive,
         'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                  WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
         'roles', (
           SELECT json_agg(role ORDER BY role)
             FROM (SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END AS role
                     FROM unnest(p.polroles) r) roles),
         'using', pg_get_expr(p.polqual, p.polrelid),
         'check', pg_get_expr(p.polwithcheck, p.polrelid))::text AS body
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
