-- Defaults that are constants, or made of constants by immutable functions of the server itself: what
-- they come to can be asked for without running anything of the user's. Node names and function numbers
-- are read off the stored tree; a constant by itself has nothing inside.
SELECT d.class, d.object, d.part, d.type, d.is_bare, d.is_numeric
  FROM (
    SELECT 'pg_class'::regclass::oid AS class, f.adrelid AS object, a.attnum::int AS part, f.adbin::text AS tree,
           -- Without the length: a value that is too long is the INSERT's to refuse.
           format('pg_catalog.%I', t.typname) AS type,
           t.typcategory = 'N' OR t.typcategory = 'B' AS is_bare,
           t.oid = 'numeric'::regtype AND a.atttypmod >= 0 AS is_numeric
      FROM pg_attrdef f
      JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum AND a.attgenerated = ''
      -- Types of the server itself: to name another one needs a privilege on its schema.
      JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'b' AND t.typnamespace = 'pg_catalog'::regnamespace
     WHERE t.oid <> 'bit'::regtype AND f.adrelid >= 16384
    OFFSET 0 -- The trees are looked at last: the planner cannot tell how many pass.
  ) d
 WHERE d.tree LIKE '{CONST %'
    -- Casts, not calls, which might take long; 3 is a call in a syntax of its own (14), as TRIM.
    OR d.tree NOT LIKE '%:funcformat 0%' AND d.tree NOT LIKE '%:funcformat 3%'
       AND d.tree !~ '\{(?!(CONST|RELABELTYPE|FUNCEXPR|OPEXPR|ARRAYEXPR|ARRAY|ARRAYCOERCEEXPR) )[A-Z]'
       AND NOT EXISTS (
         SELECT FROM regexp_matches(d.tree, ':(?:funcid|opfuncid|elemfuncid) (\d+)', 'g') AS called
           LEFT JOIN pg_proc p ON p.oid = called[1]::oid
          WHERE p.oid IS NULL OR p.oid >= 16384 OR p.provolatile <> 'i')
