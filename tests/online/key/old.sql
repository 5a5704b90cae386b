CREATE TABLE t (id bigint, a integer NOT NULL, b integer NOT NULL, c text, d bigint NOT NULL DEFAULT random() * 9e18);
INSERT INTO t SELECT n, 0, 0, 'x' FROM generate_series(1, 200000) AS n;
