SELECT 'access_method' AS kind, a.tableoid AS class, a.oid AS object, 0 AS part,
       ARRAY[a.amname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('TYPE %s HANDLER %s',
         CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, a.amhandler)) AS body
  FROM pg_am a
 WHERE a.oid >= 16384
