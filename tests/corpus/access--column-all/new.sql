CREATE TABLE t (a int);
GRANT ALL (a) ON t TO pg_monitor;
