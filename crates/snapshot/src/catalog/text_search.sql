-- Text search configurations, dictionaries, parsers and templates.
SELECT 'text_search_configuration' AS kind, c.tableoid AS class, c.oid AS object, 0 AS part,
       ARRAY[n.nspname, c.cfgname] AS path,
       pg_get_userbyid(c.cfgowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         'parser', (
           SELECT format('%I.%I', pn.nspname, p.prsname)
             FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser),
         'mappings', (
           SELECT json_object_agg(token.alias, token.dictionaries)
             FROM (SELECT t.alias, json_agg(format('%I.%I', dn.nspname, d.dictname) ORDER BY m.mapseqno) AS dictionaries
                     FROM pg_ts_config_map m
                     JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
                     JOIN pg_ts_dict d ON d.oid = m.mapdict
                     JOIN pg_namespace dn ON dn.oid = d.dictnamespace
                    WHERE m.mapcfg = c.oid
                    GROUP BY t.alias) token)) AS body
  FROM pg_ts_config c
  JOIN pg_namespace n ON n.oid = c.cfgnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'text_search_dictionary', d.tableoid, d.oid, 0, ARRAY[n.nspname, d.dictname], pg_get_userbyid(d.dictowner), NULL,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         (SELECT format('TEMPLATE = %I.%I', tn.nspname, t.tmplname)
            FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate),
         d.dictinitoption)))
  FROM pg_ts_dict d
  JOIN pg_namespace n ON n.oid = d.dictnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'text_search_parser', p.tableoid, p.oid, 0, ARRAY[n.nspname, p.prsname], NULL, NULL,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend,
         'LEXTYPES = ' || p.prslextype, 'HEADLINE = ' || nullif(p.prsheadline::text, '-'))))
  FROM pg_ts_parser p
  JOIN pg_namespace n ON n.oid = p.prsnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'text_search_template', t.tableoid, t.oid, 0, ARRAY[n.nspname, t.tmplname], NULL, NULL,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'INIT = ' || nullif(t.tmplinit::text, '-'), 'LEXIZE = ' || t.tmpllexize)))
  FROM pg_ts_template t
  JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
