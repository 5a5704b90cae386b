-- What is granted on objects to come. Without a schema these are all privileges, the owner's too; with one,
-- those that come on top. They stand here as grants and become the body.
SELECT 'default_privileges' AS kind, d.tableoid AS class, d.oid AS object, 0 AS part,
       array_remove(ARRAY[pg_get_userbyid(d.defaclrole),
         CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                              WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
         n.nspname], NULL) AS path,
       NULL::name AS owner,
       d.defaclacl::text[] AS grants,
       '{"privileges": {}}'::json AS body
  FROM pg_default_acl d
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
