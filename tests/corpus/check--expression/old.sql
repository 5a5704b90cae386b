CREATE TABLE t (a int, CONSTRAINT low CHECK (a > 0));
