CREATE TABLE t (a int, b int) PARTITION BY LIST (a);
