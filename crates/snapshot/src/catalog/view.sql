SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END AS kind,
       c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname] AS path,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce(c.relacl, acldefault('r', c.relowner))::text[] AS grants,
       json_build_object(
         'definition', rtrim(pg_get_viewdef(c.oid), ';'),
         'columns', (
           SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                           ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
         'options_order', (SELECT string_agg(option_name, ',') FROM pg_options_to_table(c.reloptions)),
         'options', (SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(c.reloptions)),
         'access_method', (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
         'tablespace', (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace)) AS body
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
