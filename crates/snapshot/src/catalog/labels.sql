-- Security labels of everything, by address.
SELECT l.classoid AS class, l.objoid AS object, l.objsubid AS part, l.provider, l.label AS text
  FROM pg_seclabel l
