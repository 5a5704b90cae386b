CREATE TABLE t (a int, b text);
CREATE UNIQUE INDEX ix ON t (a DESC) INCLUDE (b) WHERE a > 0;
CREATE INDEX by_another_name ON t (b);
