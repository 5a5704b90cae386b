CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a));
