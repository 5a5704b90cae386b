-- server 15+
CREATE TABLE t (a int NOT NULL, b text);
CREATE UNIQUE INDEX i ON t (b);
