CREATE TABLE t (a int NOT NULL, b text);
CREATE INDEX i ON t (b text_pattern_ops);
