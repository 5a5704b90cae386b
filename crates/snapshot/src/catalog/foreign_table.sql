SELECT 'foreign_table' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname] AS path,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce(c.relacl, acldefault('r', c.relowner))::text[] AS grants,
       json_build_object(
         'server', s.srvname,
         'options', (SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(f.ftoptions)),
         'inherits', CASE WHEN NOT c.relispartition THEN parents.ids END,
         'of', CASE WHEN c.relispartition THEN parents.ids -> 0 END,
         'bound', pg_get_expr(c.relpartbound, c.oid)) AS body
  FROM pg_foreign_table f
  JOIN pg_class c ON c.oid = f.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(
             CASE WHEN p.relkind = 'f' THEN 'foreign_table' WHEN p.relispartition THEN 'partition' ELSE 'table' END,
             pn.nspname, p.relname) ORDER BY i.inhseqno) AS ids
      FROM pg_inherits i
      JOIN pg_class p ON p.oid = i.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace
     WHERE i.inhrelid = c.oid) parents ON true
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
