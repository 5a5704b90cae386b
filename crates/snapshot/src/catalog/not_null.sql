-- What NOT NULL has but for being there; before 18 it is no constraint.
SELECT 'pg_class'::regclass::oid AS class, k.conrelid AS object, k.conkey[1]::int AS part,
       k.conname AS name, k.connoinherit AS no_inherit, NOT k.convalidated AS not_valid
  FROM pg_constraint k
 WHERE k.contype = 'n' AND k.conislocal AND k.conrelid <> 0
