-- What is no object of a snapshot, and the object that it stands for: what depends on the one depends on
-- the other. One may lead to the next: an array to its element, a row type to its table.
SELECT a.class, a.object, 0 AS part, a.needed_class, a.needed_object, a.needed_part
  FROM (
SELECT r.tableoid, r.oid, 'pg_class'::regclass::oid, r.ev_class, 0
  FROM pg_rewrite r WHERE r.rulename = '_RETURN'
UNION ALL
SELECT f.tableoid, f.oid, 'pg_class'::regclass, f.adrelid, f.adnum FROM pg_attrdef f
UNION ALL
-- The row type of a table stands for it, the relation behind a composite type for the type.
SELECT t.tableoid, t.oid, c.tableoid, c.oid, 0
  FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind <> 'c'
UNION ALL
SELECT c.tableoid, c.oid, t.tableoid, t.oid, 0
  FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c'
UNION ALL
SELECT a.tableoid, a.oid, e.tableoid, e.oid, 0 FROM pg_type e JOIN pg_type a ON a.oid = e.typarray
UNION ALL
SELECT t.tableoid, r.rngmultitypid, t.tableoid, t.oid, 0 -- 14+
  FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid -- 14+
UNION ALL -- 14+
SELECT 'pg_class'::regclass, k.conindid, k.tableoid, k.oid, 0
  FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
UNION ALL
-- An identity column's sequence.
SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.refobjsubid
  FROM pg_depend d
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
UNION ALL
-- Members of an operator class, else of the family.
SELECT m.tableoid, m.oid, coalesce(d.refclassid, 'pg_opfamily'::regclass), coalesce(d.refobjid, m.amopfamily), 0
  FROM pg_amop m
  LEFT JOIN pg_depend d ON d.classid = m.tableoid AND d.objid = m.oid AND d.deptype = 'i'
                       AND d.refclassid = 'pg_opclass'::regclass
 WHERE m.oid >= 16384
UNION ALL
SELECT m.tableoid, m.oid, coalesce(d.refclassid, 'pg_opfamily'::regclass), coalesce(d.refobjid, m.amprocfamily), 0
  FROM pg_amproc m
  LEFT JOIN pg_depend d ON d.classid = m.tableoid AND d.objid = m.oid AND d.deptype = 'i'
                       AND d.refclassid = 'pg_opclass'::regclass
 WHERE m.oid >= 16384
UNION ALL
SELECT r.tableoid, r.oid, 'pg_publication'::regclass, r.prpubid, 0 FROM pg_publication_rel r
UNION ALL
SELECT s.tableoid, s.oid, 'pg_publication'::regclass, s.pnpubid, 0 FROM pg_publication_namespace s -- 15+
UNION ALL -- 15+
SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0 FROM pg_depend d WHERE d.deptype = 'e'
) a (class, object, needed_class, needed_object, needed_part)
