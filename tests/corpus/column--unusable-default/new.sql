CREATE TABLE t (a smallint DEFAULT 100000, b int DEFAULT 1 / 0, c varchar(3) DEFAULT 'too', d int DEFAULT 5);
