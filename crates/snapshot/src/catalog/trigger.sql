SELECT 'trigger' AS kind, g.tableoid AS class, g.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname, g.tgname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object(
         'definition', pg_get_triggerdef(g.oid),
         'enabled', CASE g.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
                                     WHEN 'R' THEN 'replica' ELSE 'always' END) AS body
  FROM pg_trigger g
  JOIN pg_class c ON c.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_trigger parent ON parent.oid = g.tgparentid
  LEFT JOIN pg_constraint k ON k.oid = g.tgconstraint
 -- Not those that enforce a constraint. A partition's triggers are its parent's, unless they are switched
 -- otherwise; up to 14 they count as internal.
 WHERE (k.oid IS NULL OR k.contype = 't') AND (g.tgparentid = 0 OR g.tgenabled <> parent.tgenabled)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
