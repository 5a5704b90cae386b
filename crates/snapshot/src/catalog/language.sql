SELECT 'language' AS kind, l.tableoid AS class, l.oid AS object, 0 AS part,
       ARRAY[l.lanname] AS path,
       pg_get_userbyid(l.lanowner) AS owner,
       coalesce(l.lanacl, acldefault('l', l.lanowner))::text[] AS grants,
       json_build_object(
         'trusted', l.lanpltrusted,
         'handler', nullif(l.lanplcallfoid::regproc::text, '-'),
         'inline', nullif(l.laninline::regproc::text, '-'),
         'validator', nullif(l.lanvalidator::regproc::text, '-')) AS body
  FROM pg_language l
 WHERE l.oid >= 16384
