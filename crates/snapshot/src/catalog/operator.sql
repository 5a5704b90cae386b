-- Operators but for those of which only the name is known.
SELECT 'operator' AS kind, o.tableoid AS class, o.oid AS object, 0 AS part,
       ARRAY[n.nspname::text,
             format('%s(%s, %s)', o.oprname,
                    CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                    CASE o.oprright WHEN 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END)] AS path,
       pg_get_userbyid(o.oprowner) AS owner, NULL::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'FUNCTION = ' || o.oprcode,
         CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
         CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
         (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
            FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
         (SELECT format('NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
            FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
         'RESTRICT = ' || nullif(o.oprrest::text, '-'),
         'JOIN = ' || nullif(o.oprjoin::text, '-'),
         CASE WHEN o.oprcanhash THEN 'HASHES' END,
         CASE WHEN o.oprcanmerge THEN 'MERGES' END))) AS body
  FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprcode <> 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
