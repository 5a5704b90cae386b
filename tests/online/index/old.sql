CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text);
CREATE INDEX t_gone ON t (b, id);
CREATE INDEX t_changed ON t (b);
INSERT INTO t SELECT n, 0, 0, 'x' FROM generate_series(1, 200000) AS n;
