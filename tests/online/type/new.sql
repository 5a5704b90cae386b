CREATE TABLE t (id bigint PRIMARY KEY, a bigint NOT NULL DEFAULT 1, b integer NOT NULL, c text, d integer);
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_a_id ON t (a, id);
COMMENT ON COLUMN t.a IS 'counts';
