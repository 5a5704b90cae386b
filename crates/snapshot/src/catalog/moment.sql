-- What tells one state of the schema from another: of each catalog which transactions wrote its rows, and how many
-- each. Relations are also written where only their files change (TRUNCATE, REFRESH), so that of these it is what they
-- say that counts. What comes and goes beside the schema (temporary tables, where long values lie) does not count.
WITH passing AS MATERIALIZED (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(temp|toast)'),
     beside AS MATERIALIZED (SELECT oid FROM pg_class WHERE relnamespace IN (SELECT oid FROM passing))
SELECT md5(string_agg(concat_ws(':', name, writer, count), ' ' ORDER BY name, writer)) AS moment
  FROM (
SELECT 'namespace', xmin::text, count(*)
  FROM pg_namespace WHERE oid NOT IN (SELECT oid FROM passing) GROUP BY xmin
UNION ALL
SELECT 'attribute', xmin::text, count(*)
  FROM pg_attribute WHERE attrelid >= 16384 AND attrelid NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'attrdef', xmin::text, count(*)
  FROM pg_attrdef WHERE adrelid >= 16384 AND adrelid NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'index', xmin::text, count(*)
  FROM pg_index WHERE indrelid >= 16384 AND indrelid NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'rewrite', xmin::text, count(*)
  FROM pg_rewrite WHERE ev_class >= 16384 AND ev_class NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'trigger', xmin::text, count(*)
  FROM pg_trigger WHERE tgrelid >= 16384 AND tgrelid NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'constraint', xmin::text, count(*)
  FROM pg_constraint WHERE oid >= 16384 AND conrelid NOT IN (SELECT oid FROM beside) GROUP BY xmin
UNION ALL
SELECT 'type', xmin::text, count(*)
  FROM pg_type WHERE oid >= 16384 AND typnamespace NOT IN (SELECT oid FROM passing) GROUP BY xmin
UNION ALL
SELECT 'proc', xmin::text, count(*)
  FROM pg_proc WHERE oid >= 16384 AND pronamespace NOT IN (SELECT oid FROM passing) GROUP BY xmin
UNION ALL
SELECT 'enum', xmin::text, count(*) FROM pg_enum GROUP BY xmin
UNION ALL
SELECT 'partitioned_table', xmin::text, count(*) FROM pg_partitioned_table GROUP BY xmin
UNION ALL
SELECT 'inherits', xmin::text, count(*) FROM pg_inherits GROUP BY xmin
UNION ALL
SELECT 'statistic_ext', xmin::text, count(*) FROM pg_statistic_ext GROUP BY xmin
UNION ALL
SELECT 'operator', xmin::text, count(*) FROM pg_operator GROUP BY xmin
UNION ALL
SELECT 'opclass', xmin::text, count(*) FROM pg_opclass GROUP BY xmin
UNION ALL
SELECT 'opfamily', xmin::text, count(*) FROM pg_opfamily GROUP BY xmin
UNION ALL
SELECT 'collation', xmin::text, count(*) FROM pg_collation GROUP BY xmin
UNION ALL
SELECT 'class', sum(hashtext(concat_ws(' ', oid, relname, relnamespace, relkind, reltablespace, reloptions)))::text,
       count(*) FROM pg_class WHERE oid >= 16384 AND relnamespace NOT IN (SELECT oid FROM passing)
UNION ALL
SELECT 'role', sum(hashtext(concat_ws(' ', oid, rolname)))::text, count(*) FROM pg_roles
) written (name, writer, count)
