CREATE TABLE p (a int, b int);
CREATE TABLE t (b int) INHERITS (p);
