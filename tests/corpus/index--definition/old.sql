CREATE TABLE t (a int, b text);
CREATE INDEX ix ON t (a);
CREATE INDEX by_name ON t (b);
CREATE INDEX gone ON t (b, a);
