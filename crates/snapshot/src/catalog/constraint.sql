-- Constraints of tables that are not inherited. NOT NULL is an attribute of the column.
SELECT CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
                      WHEN 'f' THEN 'foreign_key' ELSE 'exclusion' END AS kind,
       'pg_constraint'::regclass::oid AS class, k.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, c.relname::text, k.conname::text] AS path,
       NULL::text AS owner, NULL::text[] AS grants, d.description AS comment,
       json_build_object(
         'definition', pg_get_constraintdef(k.oid),
         -- Of a partitioned table: partitions that lack it.
         'invalid', (SELECT NOT x.indisvalid FROM pg_index x WHERE x.indexrelid = k.conindid AND k.contype <> 'f'),
         -- A foreign key is enforced by triggers, which can be switched off.
         'disabled', (SELECT bool_or(g.tgenabled = 'D') FROM pg_trigger g
                       WHERE g.tgconstraint = k.oid AND g.tgisinternal))::text AS body
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid AND c.relkind IN ('r', 'p')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
  LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
 WHERE k.contype IN ('p', 'u', 'c', 'f', 'x')
   AND k.conparentid = 0 AND k.conislocal
   -- A partition's primary key and unique constraints come with its parent's index.
   AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = k.conindid AND k.contype IN ('p', 'u', 'x'))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND e.objid IS NULL
