-- Enum types and domains.
SELECT CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END AS kind,
       t.tableoid AS class, t.oid AS object, 0 AS part,
       ARRAY[n.nspname, t.typname] AS path,
       pg_get_userbyid(t.typowner) AS owner,
       coalesce(t.typacl, acldefault('T', t.typowner))::text[] AS grants,
       CASE t.typtype
         WHEN 'e' THEN json_build_object('labels', (
           SELECT coalesce(json_agg(l.enumlabel ORDER BY l.enumsortorder), '[]')
             FROM pg_enum l WHERE l.enumtypid = t.oid))
         ELSE json_build_object(
           'type', format_type(t.typbasetype, t.typtypmod),
           'nullable', NOT t.typnotnull,
           -- Not typdefault, whose text was made once and keeps the names of then.
           'default', pg_get_expr(t.typdefaultbin, 0),
           'collation', (
             SELECT format('%I.%I', cn.nspname, c.collname)
               FROM pg_collation c
               JOIN pg_namespace cn ON cn.oid = c.collnamespace
               JOIN pg_type b ON b.oid = t.typbasetype
              WHERE c.oid = t.typcollation AND t.typcollation <> b.typcollation))
       END AS body
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype IN ('e', 'd')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
