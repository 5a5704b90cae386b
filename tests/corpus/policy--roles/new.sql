CREATE TABLE t (a int);
CREATE POLICY own ON t AS RESTRICTIVE TO pg_monitor USING (true);
