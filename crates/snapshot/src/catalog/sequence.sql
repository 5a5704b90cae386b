-- Sequences of their own and of serial columns; an identity column's own is part of the column.
SELECT 'sequence' AS kind, 'pg_class'::regclass::oid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text] AS path,
       pg_get_userbyid(c.relowner)::text AS owner,
       coalesce(c.relacl, acldefault('s', c.relowner))::text[] AS grants,
       d.description AS comment,
       json_build_object(
         'counting', json_build_object(
           'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
           'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle),
         'owned_by', (
           SELECT json_build_array('column', tn.nspname, t.relname, a.attname)
             FROM pg_depend o
             JOIN pg_class t ON t.oid = o.refobjid
             JOIN pg_namespace tn ON tn.oid = t.relnamespace
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
            WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
              AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a' AND o.refobjsubid > 0))::text AS body
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i')
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
