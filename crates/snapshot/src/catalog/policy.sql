SELECT 'policy' AS kind, p.tableoid AS class, p.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname, p.polname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object(
         'permissive', p.polpermissive,
         'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                  WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
         'roles', (
           SELECT json_agg(role ORDER BY role)
             FROM (SELECT CASE WHEN r = 0 THEN 'PUBLIC' WHEN pg_get_userbyid(r) = 'PUBLIC' THEN '"PUBLIC"'
                               ELSE pg_get_userbyid(r)::text END AS role
                     FROM unnest(p.polroles) r) roles),
         'using', pg_get_expr(p.polqual, p.polrelid),
         'check', pg_get_expr(p.polwithcheck, p.polrelid)) AS body
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
