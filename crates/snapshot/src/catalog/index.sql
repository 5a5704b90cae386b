-- Indexes that back no constraint. The name is in the path, so the definition begins after it and after the
-- table's.
SELECT 'index' AS kind, i.tableoid AS class, i.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname, i.relname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       x.indisunique AS "unique",
       substr(
         pg_get_indexdef(x.indexrelid),
         length(format('CREATE %sINDEX %I ON %s%I.%I ', CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END,
                       i.relname, CASE WHEN c.relkind = 'p' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname)) + 1
       ) AS definition,
       -- A build that failed; or, of a partitioned table, partitions that have none.
       NOT x.indisvalid AS invalid,
       CASE WHEN i.reltablespace <> 0 THEN (
         SELECT s.spcname FROM pg_tablespace s WHERE s.oid = i.reltablespace) END AS tablespace,
       x.indisclustered AS clustered,
       x.indisreplident AS replica_identity,
       -- Only expressions can have a target of their own.
       CASE WHEN x.indexprs IS NOT NULL THEN (
         SELECT json_object_agg(a.attnum, a.attstattarget)
           FROM pg_attribute a WHERE a.attrelid = i.oid AND a.attstattarget >= 0) END AS statistics,
       CASE WHEN i.relispartition THEN (
         SELECT json_build_array('index', pn.nspname, pc.relname, p.relname)
           FROM pg_inherits h
           JOIN pg_class p ON p.oid = h.inhparent
           JOIN pg_index px ON px.indexrelid = p.oid
           JOIN pg_class pc ON pc.oid = px.indrelid
           JOIN pg_namespace pn ON pn.oid = pc.relnamespace
          WHERE h.inhrelid = i.oid) END AS attached_to
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class c ON c.oid = x.indrelid AND c.relkind IN ('r', 'p', 'm')
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
