-- User mappings whose options the view keeps from this role.
SELECT 'pg_user_mapping'::regclass::oid AS class, m.umid AS object, 0 AS part
  FROM pg_user_mappings m
  JOIN pg_foreign_server s ON s.oid = m.srvid
 WHERE m.umoptions IS NULL
   AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)
   AND NOT (pg_has_role(s.srvowner, 'USAGE') AND (m.umuser = 0 OR m.usename = current_user))
   AND NOT (has_server_privilege(s.oid, 'USAGE') AND m.usename = current_user)
