-- What is there and snapshots do not hold, so that nothing is left out in silence.
WITH own AS (
  SELECT n.oid FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), from_extension AS (
  -- Or that came with something else: since 14 a range type brings a cast.
  SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i')
), seen AS (
  SELECT CASE p.prokind WHEN 'p' THEN 'procedures' WHEN 'a' THEN 'aggregates' ELSE 'window functions' END AS kind,
         'pg_proc'::regclass AS class, p.oid
    FROM pg_proc p WHERE p.prokind <> 'f' AND p.pronamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT CASE t.typtype WHEN 'c' THEN 'composite types' WHEN 'r' THEN 'range types' ELSE 'base types' END,
         'pg_type', t.oid
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE (t.typtype = 'r' OR t.typtype = 'b' AND t.typcategory <> 'A' OR t.typtype = 'c' AND c.relkind = 'c')
     AND t.typnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'foreign tables', 'pg_class', c.oid
    FROM pg_class c WHERE c.relkind = 'f' AND c.relnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'rules', 'pg_rewrite', r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
   WHERE r.rulename <> '_RETURN' AND c.relnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'collations', 'pg_collation', c.oid FROM pg_collation c WHERE c.collnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'operators', 'pg_operator', o.oid FROM pg_operator o WHERE o.oprnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'extended statistics', 'pg_statistic_ext', s.oid
    FROM pg_statistic_ext s WHERE s.stxnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'text search configurations', 'pg_ts_config', c.oid
    FROM pg_ts_config c WHERE c.cfgnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'event triggers', 'pg_event_trigger', g.oid FROM pg_event_trigger g
  UNION ALL
  SELECT 'publications', 'pg_publication', p.oid FROM pg_publication p
  UNION ALL
  SELECT 'operator classes', 'pg_opclass', o.oid FROM pg_opclass o WHERE o.opcnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'text search dictionaries', 'pg_ts_dict', d.oid
    FROM pg_ts_dict d WHERE d.dictnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'default privileges', 'pg_default_acl', a.oid FROM pg_default_acl a
  UNION ALL
  SELECT 'casts', 'pg_cast', c.oid FROM pg_cast c WHERE c.oid >= 16384
  UNION ALL
  SELECT 'languages', 'pg_language', l.oid FROM pg_language l WHERE l.oid >= 16384
  UNION ALL
  SELECT 'foreign data wrappers', 'pg_foreign_data_wrapper', w.oid FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'foreign servers', 'pg_foreign_server', s.oid FROM pg_foreign_server s
)
SELECT s.kind, count(*) AS count
  FROM seen s
  LEFT JOIN from_extension x ON x.classid = s.class AND x.objid = s.oid
 WHERE x.objid IS NULL
 GROUP BY s.kind
