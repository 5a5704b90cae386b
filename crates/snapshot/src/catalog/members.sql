-- What belongs to an extension, and the functions and casts that come with a range type.
SELECT d.classid AS class, d.objid AS object
  FROM pg_depend d
 WHERE d.deptype = 'e' OR d.deptype = 'i' AND d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
