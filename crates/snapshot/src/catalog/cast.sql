SELECT 'cast' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[format_type(c.castsource, NULL), format_type(c.casttarget, NULL)] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object('definition',
         CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure
                           WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
         || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END) AS body
  FROM pg_cast c
 WHERE c.oid >= 16384
