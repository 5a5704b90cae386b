CREATE TABLE t (a int);
GRANT MAINTAIN ON t TO pg_monitor;
