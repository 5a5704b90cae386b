SELECT 'composite' AS kind, t.tableoid AS class, t.oid AS object, 0 AS part,
       ARRAY[n.nspname, t.typname] AS path,
       pg_get_userbyid(t.typowner) AS owner,
       coalesce(t.typacl, acldefault('T', t.typowner))::text[] AS grants,
       json_build_object('attributes', (
         SELECT coalesce(json_agg(json_build_object(
                  'name', a.attname,
                  'type', format_type(a.atttypid, a.atttypmod),
                  'collation', CASE WHEN a.attcollation <> b.typcollation THEN (
                    SELECT format('%I.%I', cn.nspname, k.collname)
                      FROM pg_collation k JOIN pg_namespace cn ON cn.oid = k.collnamespace
                     WHERE k.oid = a.attcollation) END,
                  'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]')
           FROM pg_attribute a
           JOIN pg_type b ON b.oid = a.atttypid
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS body
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
