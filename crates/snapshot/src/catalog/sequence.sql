-- Sequences of their own and of serial columns; an identity column's own is part of the column.
SELECT 'sequence' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname] AS path,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce(c.relacl, acldefault('s', c.relowner))::text[] AS grants,
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
              AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a' AND o.refobjsubid > 0),
         'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END) AS body
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = c.tableoid AND e.objid = c.oid AND e.deptype = 'i')
