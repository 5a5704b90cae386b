CREATE TABLE t (a int NOT NULL, b text);
CREATE INDEX i ON t (lower(b));
