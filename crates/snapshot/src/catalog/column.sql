-- Columns of tables. A partition's columns stand here only where they differ from the parent's. What is looked up by the
-- row stands where it is seldom wanted: sorting or hashing rows of this width takes longer than all the rest.
SELECT 'column' AS kind, c.tableoid AS class, c.oid AS object, a.attnum::int AS part,
       ARRAY[n.nspname, c.relname, a.attname] AS path,
       NULL::name AS owner, a.attacl::text[] AS grants,
       a.attnum AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       NOT a.attnotnull AS nullable,
       CASE WHEN a.attgenerated = '' AND owned.oid IS NULL THEN f.expression END AS "default",
       owned.oid IS NOT NULL AS serial,
       -- A partition draws from the sequence of the table that it is a part of.
       CASE WHEN a.attidentity <> '' THEN (
         SELECT json_build_object(
                 'mode', CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by_default' END,
                 'counting', json_build_object(
                   'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
                   'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle),
                 -- The server shortens a long name at its longer half, to 63 bytes in all.
                 'sequence_name', CASE WHEN sn.oid <> n.oid OR sc.relname <> format(
                     '%s_%s_seq', left(c.relname, greatest(29, 58 - octet_length(a.attname::text))),
                     left(a.attname, greatest(29, 58 - octet_length(c.relname::text))))
                   THEN format('%I.%I', sn.nspname, sc.relname) END)
          FROM pg_depend i
          JOIN pg_sequence s ON s.seqrelid = i.objid
          JOIN pg_class sc ON sc.oid = s.seqrelid
          JOIN pg_namespace sn ON sn.oid = sc.relnamespace
         WHERE i.classid = c.tableoid AND i.refclassid = c.tableoid
           AND i.refobjid = c.oid AND i.refobjsubid = a.attnum AND i.deptype = 'i') END AS identity,
       CASE WHEN a.attgenerated <> '' THEN json_build_object(
         'mode', CASE a.attgenerated WHEN 's' THEN 'stored' ELSE 'virtual' END,
         'expression', f.expression) END AS generated,
       CASE WHEN a.attcollation <> t.typcollation THEN (
         SELECT format('%I.%I', cn.nspname, k.collname)
           FROM pg_collation k JOIN pg_namespace cn ON cn.oid = k.collnamespace
          WHERE k.oid = a.attcollation) END AS collation,
       a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition AS inherited,
       CASE WHEN a.attstorage = t.typstorage THEN NULL WHEN a.attstorage = 'p' THEN 'plain'
            WHEN a.attstorage = 'e' THEN 'external' WHEN a.attstorage = 'm' THEN 'main'
            ELSE 'extended' END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, -- 14+
       -- Unset is NULL from 17 on.
       nullif(a.attstattarget, -1) AS statistics,
       CASE WHEN a.attoptions IS NOT NULL THEN (
         SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(a.attoptions)) END AS options,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN (
         SELECT json_object_agg(option_name, option_value)
           FROM pg_options_to_table(a.attfdwoptions)) END AS foreign_options
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  -- Only what is generated names columns; to print the rest the server need not open the table. OFFSET 0 keeps the
  -- planner from printing an expression once for each place that names it.
  LEFT JOIN LATERAL (
    SELECT pg_get_expr(d.adbin, CASE WHEN a.attgenerated <> '' THEN d.adrelid ELSE 0 END) AS expression
      FROM pg_attrdef d WHERE a.atthasdef AND d.adrelid = c.oid AND d.adnum = a.attnum OFFSET 0) f ON true
  -- The sequence that the column owns, where the default draws from it.
  LEFT JOIN LATERAL (
    SELECT s.oid
      FROM pg_depend o
      JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
      JOIN pg_namespace sn ON sn.oid = s.relnamespace
     WHERE f.expression LIKE 'nextval(%' AND o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
       AND o.deptype = 'a' AND o.refobjid = c.oid AND o.refobjsubid = a.attnum
       AND f.expression = format('nextval(%L::regclass)', format('%I.%I', sn.nspname, s.relname))
    OFFSET 0) owned ON true
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND (NOT c.relispartition OR a.attacl IS NOT NULL
        OR EXISTS (SELECT FROM pg_description d
                    WHERE d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = a.attnum)
        OR EXISTS (SELECT FROM pg_seclabel l
                    WHERE l.classoid = c.tableoid AND l.objoid = c.oid AND l.objsubid = a.attnum)
        OR NOT EXISTS (
             SELECT FROM pg_inherits h
               JOIN pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname
               LEFT JOIN pg_attrdef pf ON pf.adrelid = pa.attrelid AND pf.adnum = pa.attnum
              WHERE h.inhrelid = c.oid
                AND a.attcompression IS NOT DISTINCT FROM pa.attcompression -- 14+
                AND (a.attnotnull, a.attcollation, f.expression, a.attstorage, a.attstattarget, a.attoptions,
                     a.attfdwoptions)
                    IS NOT DISTINCT FROM (pa.attnotnull, pa.attcollation, pg_get_expr(pf.adbin, pf.adrelid),
                                          pa.attstorage, pa.attstattarget, pa.attoptions, pa.attfdwoptions)))
