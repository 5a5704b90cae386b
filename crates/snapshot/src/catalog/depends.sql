-- What each thing cannot exist without, as the server records it. What needs it without being an object
-- stands for one in the aliases. Lower numbers belong to the server itself, but for the schema public.
SELECT d.classid AS class, d.objid AS object, d.objsubid AS part,
       d.refclassid AS needed_class, d.refobjid AS needed_object, d.refobjsubid AS needed_part
  FROM pg_depend d
 WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384
   AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
