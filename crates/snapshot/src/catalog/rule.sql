-- Rules but for those that make a view one.
SELECT 'rule' AS kind, r.tableoid AS class, r.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname, r.rulename] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object(
         'definition', rtrim(pg_get_ruledef(r.oid), ';'),
         'enabled', CASE r.ev_enabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
                                      WHEN 'R' THEN 'replica' ELSE 'always' END) AS body
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
