CREATE TABLE t (a int, b int, PRIMARY KEY (b, a));
CREATE TABLE u (a int PRIMARY KEY);
