SELECT 'trigger' AS kind, 'pg_trigger'::regclass::oid AS class, g.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text, g.tgname::text] AS path,
       NULL::text AS owner, NULL::text[] AS grants, d.description AS comment,
       json_build_object(
         'definition', pg_get_triggerdef(g.oid),
         'enabled', CASE g.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
                                     WHEN 'R' THEN 'replica' ELSE 'always' END)::text AS body
  FROM pg_trigger g
  JOIN pg_class c ON c.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = g.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  LEFT JOIN pg_trigger parent ON parent.oid = g.tgparentid
 -- A partition's triggers are its parent's, unless they are switched otherwise; before 15 they count as internal.
 WHERE NOT coalesce(parent.tgisinternal, g.tgisinternal)
   AND (g.tgparentid = 0 OR g.tgenabled <> parent.tgenabled)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
