-- Columns of tables. A partition's columns stand here only where they differ from the parent's.
SELECT 'column' AS kind, 'pg_class'::regclass::oid AS class, c.oid AS object, a.attnum::int AS part,
       ARRAY[n.nspname::text, c.relname::text, a.attname::text] AS path,
       NULL::text AS owner, a.attacl::text[] AS grants, d.description AS comment,
       json_build_object(
         'position', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
         'type', format_type(a.atttypid, a.atttypmod),
         'nullable', NOT a.attnotnull,
         'default', CASE WHEN a.attgenerated = '' AND owned.oid IS NULL THEN v.expression END,
         'serial', owned.oid IS NOT NULL,
         'identity', CASE WHEN a.attidentity <> '' THEN json_build_object(
           'mode', CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by_default' END,
           'counting', (
             SELECT json_build_object(
                      'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
                      'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle)
               FROM pg_depend i
               JOIN pg_sequence s ON s.seqrelid = i.objid
              WHERE i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass
                AND i.refobjid = c.oid AND i.refobjsubid = a.attnum AND i.deptype = 'i')) END,
         'generated', CASE WHEN a.attgenerated <> '' THEN json_build_object(
           'mode', CASE a.attgenerated WHEN 's' THEN 'stored' ELSE 'virtual' END,
           'expression', v.expression) END,
         'collation', CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT format('%I.%I', cn.nspname, k.collname)
             FROM pg_collation k JOIN pg_namespace cn ON cn.oid = k.collnamespace
            WHERE k.oid = a.attcollation) END)::text AS body
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
  LEFT JOIN LATERAL (SELECT pg_get_expr(f.adbin, f.adrelid) AS expression) v ON f.oid IS NOT NULL
  -- The sequence that the column owns, where the default draws from it.
  LEFT JOIN LATERAL (
    SELECT s.oid
      FROM pg_depend o
      JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
      JOIN pg_namespace sn ON sn.oid = s.relnamespace
     WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
       AND o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype = 'a'
       AND v.expression = format('nextval(%L::regclass)', format('%I.%I', sn.nspname, s.relname))
  ) owned ON f.oid IS NOT NULL
  LEFT JOIN pg_inherits h ON h.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname
  LEFT JOIN pg_attrdef pf ON pf.adrelid = pa.attrelid AND pf.adnum = pa.attnum
  LEFT JOIN pg_description d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
   AND (pa.attrelid IS NULL OR d.description IS NOT NULL OR a.attacl IS NOT NULL
        OR (a.attnotnull, a.attcollation, v.expression)
           IS DISTINCT FROM (pa.attnotnull, pa.attcollation, pg_get_expr(pf.adbin, pf.adrelid)))
