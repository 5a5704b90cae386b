SELECT 'event_trigger' AS kind, e.tableoid AS class, e.oid AS object, 0 AS part,
       ARRAY[e.evtname] AS path,
       pg_get_userbyid(e.evtowner) AS owner, NULL::text[] AS grants,
       json_build_object(
         'event', e.evtevent,
         'tags', (SELECT coalesce(json_agg(tag ORDER BY tag), '[]') FROM unnest(e.evttags) AS tag),
         'function', format('%I.%I', n.nspname, p.proname),
         'enabled', CASE e.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled'
                                      WHEN 'R' THEN 'replica' ELSE 'always' END) AS body
  FROM pg_event_trigger e
  JOIN pg_proc p ON p.oid = e.evtfoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
