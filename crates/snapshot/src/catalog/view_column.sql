-- Columns of views that carry more than the query says.
SELECT 'view_column' AS kind, c.tableoid AS class, c.oid AS object, a.attnum::int AS part,
       ARRAY[n.nspname, c.relname, a.attname] AS path,
       NULL::name AS owner, a.attacl::text[] AS grants,
       json_build_object(
         'default', pg_get_expr(f.adbin, f.adrelid),
         'storage', CASE WHEN a.attstorage = t.typstorage THEN NULL WHEN a.attstorage = 'p' THEN 'plain'
                         WHEN a.attstorage = 'e' THEN 'external' WHEN a.attstorage = 'm' THEN 'main'
                         ELSE 'extended' END,
         'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END, -- 14+
         'statistics', nullif(a.attstattarget, -1),
         'options', (SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(a.attoptions))
       ) AS body
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('v', 'm')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND (f.oid IS NOT NULL OR a.attacl IS NOT NULL OR a.attstorage <> t.typstorage OR a.attoptions IS NOT NULL
        OR nullif(a.attstattarget, -1) IS NOT NULL
        OR a.attcompression <> '' -- 14+
        OR EXISTS (SELECT FROM pg_description d
                    WHERE d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = a.attnum)
        OR EXISTS (SELECT FROM pg_seclabel l
                    WHERE l.classoid = c.tableoid AND l.objoid = c.oid AND l.objsubid = a.attnum))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
