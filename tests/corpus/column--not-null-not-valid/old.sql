-- server 18+
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a;
