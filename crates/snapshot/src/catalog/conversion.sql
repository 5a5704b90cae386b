SELECT 'conversion' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.conname] AS path,
       pg_get_userbyid(c.conowner) AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('%sFOR %L TO %L FROM %s',
         CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END, pg_encoding_to_char(c.conforencoding),
         pg_encoding_to_char(c.contoencoding), c.conproc)) AS body
  FROM pg_conversion c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
