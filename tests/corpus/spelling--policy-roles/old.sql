-- server 14+
CREATE TABLE t (a int);
CREATE POLICY p ON t TO pg_monitor, pg_read_all_settings;
