SELECT 'transform' AS kind, t.tableoid AS class, t.oid AS object, 0 AS part,
       ARRAY[format_type(t.trftype, NULL), l.lanname::text] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::oid::regprocedure END,
         CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::oid::regprocedure END))) AS body
  FROM pg_transform t
  JOIN pg_language l ON l.oid = t.trflang
