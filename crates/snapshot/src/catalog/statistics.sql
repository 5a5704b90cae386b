-- Extended statistics. The name is in the path, so the definition begins after it.
SELECT 'statistics' AS kind, s.tableoid AS class, s.oid AS object, 0 AS part,
       ARRAY[n.nspname, s.stxname] AS path,
       pg_get_userbyid(s.stxowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         'definition', substr(pg_get_statisticsobjdef(s.oid),
                              length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1),
         -- Unset is NULL from 17 on.
         'target', nullif(s.stxstattarget, -1))::text AS body
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
