CREATE TABLE t (a int);
CREATE POLICY p ON t TO pg_read_all_settings, pg_monitor;
