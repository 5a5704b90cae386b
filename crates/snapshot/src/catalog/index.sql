-- Indexes that back no constraint and are not part of a partitioned one. The name is in the path, so the
-- definition begins after it and after the table's.
SELECT 'index' AS kind, 'pg_class'::regclass::oid AS class, x.indexrelid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text, i.relname::text] AS path,
       NULL::text AS owner, NULL::text[] AS grants, d.description AS comment,
       json_build_object(
         'unique', x.indisunique,
         'definition', substr(
           pg_get_indexdef(x.indexrelid),
           length(format('CREATE %sINDEX %I ON %s%I.%I ', CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END,
                         i.relname, CASE WHEN c.relkind = 'p' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname)) + 1),
         -- A build that failed; or, of a partitioned table, partitions that have none.
         'invalid', NOT x.indisvalid)::text AS body
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class c ON c.oid = x.indrelid AND c.relkind IN ('r', 'p', 'm')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.oid AND d.objsubid = 0
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE NOT i.relispartition
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
