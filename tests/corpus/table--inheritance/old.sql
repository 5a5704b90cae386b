CREATE TABLE p (a int, b int);
CREATE TABLE t (a int, b int);
