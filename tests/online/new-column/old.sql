CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text);
INSERT INTO t SELECT n, 0, 0, 'x' FROM generate_series(1, 200000) AS n;
