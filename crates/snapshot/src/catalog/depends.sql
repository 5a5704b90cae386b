-- What each object cannot exist without. A view's query and a column's default are objects of their own
-- in pg_depend; they stand here as the view and the column. A row type stands as its table, the index behind a
-- constraint as the constraint, a domain's check as the domain.
SELECT CASE WHEN r.oid IS NOT NULL OR f.oid IS NOT NULL THEN 'pg_class'::regclass::oid
            WHEN dk.oid IS NOT NULL THEN 'pg_type'::regclass::oid ELSE d.classid END AS class,
       coalesce(r.ev_class, f.adrelid, dk.contypid, d.objid) AS object,
       coalesce(f.adnum::int, CASE WHEN r.oid IS NOT NULL THEN 0 ELSE d.objsubid END) AS part,
       CASE WHEN t.typrelid <> 0 THEN 'pg_class'::regclass::oid
            WHEN k.oid IS NOT NULL THEN 'pg_constraint'::regclass::oid ELSE d.refclassid END AS needed_class,
       coalesce(nullif(t.typrelid, 0), nullif(t.typelem, 0), k.oid, d.refobjid) AS needed_object,
       d.refobjsubid AS needed_part
  FROM pg_depend d
  LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_constraint dk
    ON d.classid = 'pg_constraint'::regclass AND dk.oid = d.objid AND dk.contypid <> 0
  LEFT JOIN pg_constraint k
    ON d.refclassid = 'pg_class'::regclass AND k.conindid = d.refobjid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
 -- Lower numbers belong to the server itself.
 WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384
