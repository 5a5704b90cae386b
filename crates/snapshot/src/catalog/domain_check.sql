-- Checks of domains. NOT NULL is an attribute of the domain.
SELECT 'domain_check' AS kind, k.tableoid AS class, k.oid AS object, 0 AS part,
       ARRAY[n.nspname, t.typname, k.conname] AS path,
       NULL::name AS owner, NULL::text[] AS grants,
       json_build_object('definition', pg_get_constraintdef(k.oid)) AS body
  FROM pg_constraint k
  JOIN pg_type t ON t.oid = k.contypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE k.contype = 'c' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
