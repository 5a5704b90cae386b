CREATE TABLE t (a varchar(10), b int, c text, d int NOT NULL, e int, gone int);
