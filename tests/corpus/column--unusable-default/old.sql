CREATE TABLE t (a smallint DEFAULT 100000, b int DEFAULT 1 / 0, c varchar(3) DEFAULT 'too long', d int DEFAULT (2 + 3));
