CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL DEFAULT 0, b integer NOT NULL, c text, d text);
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_a_id ON t (a, id);
COMMENT ON COLUMN t.a IS 'counts';
INSERT INTO t SELECT n, 0, 0, 'x', n::text FROM generate_series(1, 200000) AS n;
