CREATE TABLE t (a int UNIQUE, b int, CONSTRAINT uq_t_b UNIQUE (b));
