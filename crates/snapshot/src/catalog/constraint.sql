-- Constraints of tables that are not inherited. NOT NULL is an attribute of the column. Those of partitions
-- that an index enforces are parts of the parent's, which they say.
SELECT CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
                      WHEN 'f' THEN 'foreign_key' ELSE 'exclusion' END AS kind,
       k.tableoid AS class, k.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.relname, k.conname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       pg_get_constraintdef(k.oid) AS definition,
       -- Of a partitioned table: partitions that lack it.
       NOT x.indisvalid AS invalid,
       -- A foreign key is enforced by triggers, which can be switched off.
       CASE k.contype WHEN 'f' THEN (
         SELECT bool_or(g.tgenabled = 'D') FROM pg_trigger g
          WHERE g.tgconstraint = k.oid AND g.tgisinternal) END AS disabled,
       CASE WHEN i.reloptions IS NOT NULL THEN (
         SELECT json_object_agg(option_name, option_value) FROM pg_options_to_table(i.reloptions)) END AS options,
       CASE WHEN i.reltablespace <> 0 THEN (
         SELECT s.spcname FROM pg_tablespace s WHERE s.oid = i.reltablespace) END AS tablespace,
       x.indisclustered AS clustered,
       x.indisreplident AS replica_identity,
       d.description AS index_comment,
       CASE WHEN i.relispartition THEN (
         SELECT json_build_array(
                  CASE pk.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique'
                                  WHEN 'x' THEN 'exclusion' ELSE 'index' END,
                  pn.nspname, pc.relname, coalesce(pk.conname, p.relname))
           FROM pg_inherits h
           JOIN pg_class p ON p.oid = h.inhparent
           JOIN pg_index px ON px.indexrelid = p.oid
           JOIN pg_class pc ON pc.oid = px.indrelid
           JOIN pg_namespace pn ON pn.oid = pc.relnamespace
           LEFT JOIN pg_constraint pk ON pk.conindid = p.oid AND pk.contype IN ('p', 'u', 'x')
          WHERE h.inhrelid = i.oid) END AS attached_to
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_description d ON d.classoid = i.tableoid AND d.objoid = i.oid AND d.objsubid = 0
 WHERE (k.contype IN ('p', 'u', 'x') OR k.contype IN ('c', 'f') AND k.conparentid = 0 AND k.conislocal)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
