-- Base types but for arrays, which come with their elements, and types of which only the name is known.
SELECT 'base_type' AS kind, t.tableoid AS class, t.oid AS object, 0 AS part,
       ARRAY[n.nspname, t.typname] AS path,
       pg_get_userbyid(t.typowner) AS owner,
       coalesce(t.typacl, acldefault('T', t.typowner))::text[] AS grants,
       json_build_object('definition', format('(%s)', concat_ws(', ',
         'INPUT = ' || t.typinput,
         'OUTPUT = ' || t.typoutput,
         'RECEIVE = ' || nullif(t.typreceive::text, '-'),
         'SEND = ' || nullif(t.typsend::text, '-'),
         'TYPMOD_IN = ' || nullif(t.typmodin::text, '-'),
         'TYPMOD_OUT = ' || nullif(t.typmodout::text, '-'),
         'ANALYZE = ' || nullif(t.typanalyze::text, '-'),
         -- An array of fixed length gets this one by itself.
         'SUBSCRIPT = ' || nullif(nullif(t.typsubscript::text, '-'), 'raw_array_subscript_handler'), -- 14+
         'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'variable' ELSE t.typlen::text END,
         CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
         'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
                                           WHEN 'i' THEN 'int4' ELSE 'double' END,
         'STORAGE = ' || CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended'
                                           WHEN 'm' THEN 'main' ELSE 'plain' END,
         CASE WHEN t.typcategory <> 'U' THEN format('CATEGORY = %L', t.typcategory) END,
         CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
         'DEFAULT = ' || quote_literal(t.typdefault),
         CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
         CASE WHEN t.typdelim <> ',' THEN format('DELIMITER = %L', t.typdelim) END,
         CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END))) AS body
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'b' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
