-- server 18+
CREATE TABLE t (a int NOT NULL);
