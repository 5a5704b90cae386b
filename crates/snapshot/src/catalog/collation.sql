SELECT 'collation' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.collname] AS path,
       pg_get_userbyid(c.collowner) AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
         CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype
              THEN format('lc_collate = %L, lc_ctype = %L', c.collcollate, c.collctype)
              WHEN c.collprovider = 'c' THEN format('locale = %L', c.collcollate)
              ELSE format('locale = %L', c.collcollate) -- until 14
              ELSE format('locale = %L', c.colliculocale) -- 15 to 16
              ELSE format('locale = %L', c.colllocale) -- 17+
         END,
         'rules = ' || quote_literal(c.collicurules), -- 16+
         CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END))) AS body
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
