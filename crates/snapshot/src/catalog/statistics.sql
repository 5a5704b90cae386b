-- Extended statistics. The name is in the path, so the definition begins after it.
SELECT 'statistics' AS kind, s.tableoid AS class, s.oid AS object, 0 AS part,
       ARRAY[n.nspname, s.stxname] AS path,
       pg_get_userbyid(s.stxowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         -- The columns are printed in the table's order, which means nothing.
         'definition', replace(substr(pg_get_statisticsobjdef(s.oid),
                                      length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1),
                               'ON ' || coalesce(k.printed, ''), 'ON ' || coalesce(k.sorted, '')),
         -- Unset is NULL from 17 on.
         'target', nullif(s.stxstattarget, -1)) AS body
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 CROSS JOIN LATERAL (
       SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) AS printed,
              string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS sorted
         FROM unnest(s.stxkeys) WITH ORDINALITY AS u (number, place)
         JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = u.number) k
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
