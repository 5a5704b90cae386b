SELECT CASE WHEN c.relispartition THEN 'partition' ELSE 'table' END AS kind, 'pg_class'::regclass::oid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       pg_get_userbyid(c.relowner)::text AS owner,
       coalesce(c.relacl, acldefault('r', c.relowner))::text[] AS grants,
       d.description AS comment,
       json_build_object(
         'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END,
         'partition_by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
         'of', CASE WHEN c.relispartition THEN (
           SELECT json_build_array(CASE WHEN p.relispartition THEN 'partition' ELSE 'table' END, pn.nspname, p.relname)
             FROM pg_inherits i
             JOIN pg_class p ON p.oid = i.inhparent
             JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = c.oid) END,
         'bound', pg_get_expr(c.relpartbound, c.oid),
         'inherits', CASE WHEN NOT c.relispartition THEN (
           SELECT json_agg(json_build_array('table', pn.nspname, p.relname) ORDER BY i.inhseqno)
             FROM pg_inherits i
             JOIN pg_class p ON p.oid = i.inhparent
             JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = c.oid) END,
         'row_security', CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 'forced'
                              WHEN c.relforcerowsecurity THEN 'off_forced'
                              WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
         'options', (
           SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(c.reloptions)))::text AS body
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
