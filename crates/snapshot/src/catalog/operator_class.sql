-- Operator classes with the members that go with them, and families with those that go with no class.
WITH members AS (
  SELECT m.tableoid AS class, m.oid AS object, m.amopfamily AS family, m.amopstrategy AS number, 1 AS rank,
         format('OPERATOR %s %s', m.amopstrategy, m.amopopr::regoperator) || coalesce((
           SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
             FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
            WHERE s.oid = m.amopsortfamily), '') AS words
    FROM pg_amop m WHERE m.oid >= 16384
  UNION ALL
  SELECT m.tableoid, m.oid, m.amprocfamily, m.amprocnum, 2,
         format('FUNCTION %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL),
                format_type(m.amprocrighttype, NULL), m.amproc::oid::regprocedure)
    FROM pg_amproc m WHERE m.oid >= 16384
), owned AS (
  SELECT m.*, d.refobjid AS opclass
    FROM members m
    LEFT JOIN pg_depend d ON d.classid = m.class AND d.objid = m.object AND d.deptype = 'i'
                         AND d.refclassid = 'pg_opclass'::regclass
)
SELECT 'operator_class' AS kind, o.tableoid AS class, o.oid AS object, 0 AS part,
       ARRAY[n.nspname::text, format('%I USING %I', o.opcname, a.amname)] AS path,
       pg_get_userbyid(o.opcowner) AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('%sFOR TYPE %s USING %I%s AS %s',
         CASE WHEN o.opcdefault THEN 'DEFAULT ' ELSE '' END,
         format_type(o.opcintype, NULL), a.amname,
         CASE WHEN (f.opfname, f.opfnamespace) <> (o.opcname, o.opcnamespace)
              THEN format(' FAMILY %I.%I', fn.nspname, f.opfname) ELSE '' END,
         coalesce(
           nullif(concat_ws(', ',
             CASE WHEN o.opckeytype <> 0 THEN 'STORAGE ' || format_type(o.opckeytype, NULL) END,
             (SELECT string_agg(m.words, ', ' ORDER BY m.rank, m.number, m.words)
                FROM owned m WHERE m.opclass = o.oid)), ''),
           -- A class of nothing needs some words all the same.
           'STORAGE ' || format_type(o.opcintype, NULL)))) AS body
  FROM pg_opclass o
  JOIN pg_namespace n ON n.oid = o.opcnamespace
  JOIN pg_am a ON a.oid = o.opcmethod
  JOIN pg_opfamily f ON f.oid = o.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'operator_family', f.tableoid, f.oid, 0,
       ARRAY[n.nspname::text, format('%I USING %I', f.opfname, a.amname)],
       pg_get_userbyid(f.opfowner), NULL,
       json_build_object('definition', coalesce((
         SELECT string_agg(m.words, ', ' ORDER BY m.rank, m.number, m.words)
           FROM owned m WHERE m.family = f.oid AND m.opclass IS NULL), ''))
  FROM pg_opfamily f
  JOIN pg_namespace n ON n.oid = f.opfnamespace
  JOIN pg_am a ON a.oid = f.opfmethod
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
