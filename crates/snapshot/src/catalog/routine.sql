-- Functions, window functions and procedures.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
       p.tableoid AS class, p.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, format('%I(%s)', p.proname, oidvectortypes(p.proargtypes))] AS path,
       pg_get_userbyid(p.proowner) AS owner,
       coalesce(p.proacl, acldefault('f', p.proowner))::text[] AS grants,
       json_build_object(
         'arguments', pg_get_function_arguments(p.oid),
         'returns', pg_get_function_result(p.oid),
         'language', l.lanname,
         'window', p.prokind = 'w',
         'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
         'strict', p.proisstrict,
         'security_definer', p.prosecdef,
         'leakproof', p.proleakproof,
         'parallel', CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
         'cost', CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END
                      THEN p.procost::text END,
         'rows', CASE WHEN p.prorows NOT IN (0, 1000) THEN p.prorows::text END,
         'support', CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END,
         'transforms', (
           SELECT json_agg(format_type(t.oid, NULL) ORDER BY t.place)
             FROM unnest(p.protrftypes) WITH ORDINALITY AS t (oid, place)),
         'settings', (
           SELECT json_object_agg(left(s, strpos(s, '=') - 1), substr(s, strpos(s, '=') + 1))
             FROM unnest(p.proconfig) AS s),
         'library', p.probin,
         'sql_body', p.prosqlbody IS NOT NULL, -- 14+
         'definition', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)) AS body -- 14+
         'definition', p.prosrc) AS body -- until 13
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
 WHERE p.prokind IN ('f', 'w', 'p')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
