SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END AS kind,
       'pg_class'::regclass::oid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       pg_get_userbyid(c.relowner)::text AS owner,
       coalesce(c.relacl, acldefault('r', c.relowner))::text[] AS grants,
       d.description AS comment,
       json_build_object(
         'definition', rtrim(pg_get_viewdef(c.oid), ';'),
         'options', (
           SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(c.reloptions)))::text AS body
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE c.relkind IN ('v', 'm')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
