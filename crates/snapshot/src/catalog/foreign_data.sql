-- Foreign data wrappers, servers and user mappings. The view shows options only to those who may see them.
SELECT 'foreign_data_wrapper' AS kind, w.tableoid AS class, w.oid AS object, 0 AS part,
       ARRAY[w.fdwname] AS path,
       pg_get_userbyid(w.fdwowner) AS owner,
       coalesce(w.fdwacl, acldefault('F', w.fdwowner))::text[] AS grants,
       json_build_object(
         'handler', nullif(w.fdwhandler::regproc::text, '-'),
         'validator', nullif(w.fdwvalidator::regproc::text, '-'),
         'options', (SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(w.fdwoptions))) AS body
  FROM pg_foreign_data_wrapper w
UNION ALL
SELECT 'foreign_server', s.tableoid, s.oid, 0, ARRAY[s.srvname], pg_get_userbyid(s.srvowner),
       coalesce(s.srvacl, acldefault('S', s.srvowner))::text[],
       json_build_object(
         'wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion,
         'options', (SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(s.srvoptions)))
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
SELECT 'user_mapping', 'pg_user_mapping'::regclass, m.umid, 0,
       ARRAY[m.srvname, CASE WHEN m.umuser = 0 THEN 'PUBLIC' WHEN m.usename = 'PUBLIC' THEN '"PUBLIC"' ELSE m.usename END], NULL, NULL,
       json_build_object('options', (
         SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(m.umoptions)))
  FROM pg_user_mappings m
