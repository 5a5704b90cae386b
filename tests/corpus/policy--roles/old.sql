CREATE TABLE t (a int);
CREATE POLICY own ON t USING (true);
