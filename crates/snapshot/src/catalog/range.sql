-- Range types; the multirange type is named where it is not called what the server would call it.
SELECT 'range' AS kind, t.tableoid AS class, t.oid AS object, 0 AS part,
       ARRAY[n.nspname, t.typname] AS path,
       pg_get_userbyid(t.typowner) AS owner,
       coalesce(t.typacl, acldefault('T', t.typowner))::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'subtype = ' || format_type(r.rngsubtype, NULL),
         (SELECT format('subtype_opclass = %I.%I', pn.nspname, o.opcname)
            FROM pg_opclass o JOIN pg_namespace pn ON pn.oid = o.opcnamespace
           WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
         (SELECT format('collation = %I.%I', cn.nspname, k.collname)
            FROM pg_collation k
            JOIN pg_namespace cn ON cn.oid = k.collnamespace
            JOIN pg_type b ON b.oid = r.rngsubtype
           WHERE k.oid = r.rngcollation AND k.oid <> b.typcollation),
         'canonical = ' || nullif(r.rngcanonical::text, '-'),
         'subtype_diff = ' || nullif(r.rngsubdiff::text, '-'),
         CASE WHEN m.typnamespace <> t.typnamespace OR m.typname <> left(CASE strpos(t.typname, 'range') -- 14+
              WHEN 0 THEN t.typname || '_multirange' -- 14+
              ELSE overlay(t.typname PLACING 'multirange' FROM strpos(t.typname, 'range') FOR 5) END, 63) -- 14+
           THEN format('multirange_type_name = %I.%I', mn.nspname, m.typname) END, -- 14+
         NULL))) AS body
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type m ON m.oid = r.rngmultitypid -- 14+
  JOIN pg_namespace mn ON mn.oid = m.typnamespace -- 14+
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
