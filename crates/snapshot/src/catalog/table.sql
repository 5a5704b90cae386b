-- Tables and partitions.
SELECT CASE WHEN c.relispartition THEN 'partition' ELSE 'table' END AS kind,
       c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname] AS path,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce(c.relacl, acldefault('r', c.relowner))::text[] AS grants,
       json_build_object(
         'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END,
         'partition_by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
         'of', CASE WHEN c.relispartition THEN parents.ids -> 0 END,
         'bound', pg_get_expr(c.relpartbound, c.oid),
         'inherits', CASE WHEN NOT c.relispartition THEN parents.ids END,
         'row_security', CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 'forced'
                              WHEN c.relforcerowsecurity THEN 'off_forced'
                              WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
         'options_order', concat_ws(',',
           (SELECT string_agg(option_name, ',') FROM pg_options_to_table(c.reloptions)),
           (SELECT string_agg('toast.' || option_name, ',') FROM pg_options_to_table(toast.reloptions))),
         'options', (
           SELECT json_object_agg(o.prefix || o.option_name, o.option_value)
             FROM (SELECT '' AS prefix, * FROM pg_options_to_table(c.reloptions)
                   UNION ALL
                   SELECT 'toast.', * FROM pg_options_to_table(toast.reloptions)) o),
         'access_method', (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
         'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace),
         -- An index that rows are identified by says so itself.
         'replica_identity', CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' ELSE 'default' END,
         'of_type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END) AS body
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(
             CASE WHEN p.relkind = 'f' THEN 'foreign_table' WHEN p.relispartition THEN 'partition' ELSE 'table' END,
             pn.nspname, p.relname) ORDER BY i.inhseqno) AS ids
      FROM pg_inherits i
      JOIN pg_class p ON p.oid = i.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace
     WHERE i.inhrelid = c.oid) parents ON true
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
