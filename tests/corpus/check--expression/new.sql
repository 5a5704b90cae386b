CREATE TABLE t (a int, CONSTRAINT low CHECK (a > 1), CHECK (a < 9));
