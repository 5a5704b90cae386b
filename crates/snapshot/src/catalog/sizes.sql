-- Estimates from the statistics. What no VACUUM or ANALYZE has seen yet has none: there the files are looked at.
-- A table of no bytes is known to be empty.
SELECT ARRAY[n.nspname, c.relname] AS path,
       CASE WHEN c.relkind = 'm' THEN 'materialized_view' WHEN c.relispartition THEN 'partition' ELSE 'table' END AS kind,
       greatest(c.reltuples, 0)::bigint AS rows,
       CASE WHEN c.relpages = 0 AND coalesce(pg_relation_size(c.oid), 1) = 0 THEN 0
            WHEN c.relpages = 0 THEN coalesce(pg_total_relation_size(c.oid), 1)
            ELSE (c.relpages + coalesce(sum(i.relpages), 0))::bigint * current_setting('block_size')::bigint
       END AS bytes
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index x ON x.indrelid = c.oid
  LEFT JOIN pg_class i ON i.oid = x.indexrelid
 WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY 1, 2, c.oid, c.reltuples, c.relpages
