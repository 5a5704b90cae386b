-- Enum types and domains.
SELECT CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END AS kind,
       'pg_type'::regclass::oid AS class, t.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, t.typname::text] AS path,
       pg_get_userbyid(t.typowner)::text AS owner,
       coalesce(t.typacl, acldefault('T', t.typowner))::text[] AS grants,
       d.description AS comment,
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
              WHERE c.oid = t.typcollation AND t.typcollation <> b.typcollation),
           'checks', (
             SELECT coalesce(json_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{}')
               FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
       END::text AS body
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
 WHERE t.typtype IN ('e', 'd')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
