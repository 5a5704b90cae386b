CREATE TABLE t (c int, a int, b int);
