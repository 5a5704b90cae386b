CREATE TABLE t (a int);
GRANT ALL ON t TO pg_monitor;
