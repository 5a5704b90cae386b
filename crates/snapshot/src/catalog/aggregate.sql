-- The final functions of ordered sets may write to the state unless they say otherwise, those of others may not.
SELECT 'aggregate' AS kind, p.tableoid AS class, p.oid AS object, 0 AS part,
       ARRAY[n.nspname::text,
             format('%I(%s)', p.proname, coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*'))] AS path,
       pg_get_userbyid(p.proowner) AS owner,
       coalesce(p.proacl, acldefault('f', p.proowner))::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'SFUNC = ' || a.aggtransfn,
         'STYPE = ' || format_type(a.aggtranstype, NULL),
         'SSPACE = ' || nullif(a.aggtransspace, 0),
         'FINALFUNC = ' || nullif(a.aggfinalfn::text, '-'),
         CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
         'FINALFUNC_MODIFY = ' || CASE WHEN a.aggfinalmodify <> usual.modify THEN final.words END,
         'COMBINEFUNC = ' || nullif(a.aggcombinefn::text, '-'),
         'SERIALFUNC = ' || nullif(a.aggserialfn::text, '-'),
         'DESERIALFUNC = ' || nullif(a.aggdeserialfn::text, '-'),
         'INITCOND = ' || quote_literal(a.agginitval),
         'MSFUNC = ' || nullif(a.aggmtransfn::text, '-'),
         'MINVFUNC = ' || nullif(a.aggminvtransfn::text, '-'),
         CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
         'MSSPACE = ' || nullif(a.aggmtransspace, 0),
         'MFINALFUNC = ' || nullif(a.aggmfinalfn::text, '-'),
         CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
         'MFINALFUNC_MODIFY = ' || CASE WHEN a.aggmfinalmodify <> usual.modify THEN mfinal.words END,
         'MINITCOND = ' || quote_literal(a.aggminitval),
         (SELECT format('SORTOP = OPERATOR(%I.%s)', sn.nspname, o.oprname)
            FROM pg_operator o JOIN pg_namespace sn ON sn.oid = o.oprnamespace
           WHERE o.oid = a.aggsortop),
         CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
         CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END))) AS body
  FROM pg_aggregate a
  JOIN pg_proc p ON p.oid = a.aggfnoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN LATERAL (SELECT CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char" AS modify) usual ON true
  LEFT JOIN (VALUES ('r'::"char", 'READ_ONLY'), ('s', 'SHAREABLE'), ('w', 'READ_WRITE')) final (modify, words)
    ON final.modify = a.aggfinalmodify
  LEFT JOIN (VALUES ('r'::"char", 'READ_ONLY'), ('s', 'SHAREABLE'), ('w', 'READ_WRITE')) mfinal (modify, words)
    ON mfinal.modify = a.aggmfinalmodify
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
