-- Estimates from the statistics; nothing is read and nothing is locked.
SELECT ARRAY[n.nspname, c.relname] AS path,
       CASE WHEN c.relkind = 'm' THEN 'materialized_view' WHEN c.relispartition THEN 'partition' ELSE 'table' END AS kind,
       greatest(c.reltuples, 0)::bigint AS rows,
       (c.relpages + coalesce(sum(i.relpages), 0))::bigint * current_setting('block_size')::bigint AS bytes
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index x ON x.indrelid = c.oid
  LEFT JOIN pg_class i ON i.oid = x.indexrelid
 WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY 1, 2, c.reltuples, c.relpages
HAVING c.relpages + coalesce(sum(i.relpages), 0) > 0
