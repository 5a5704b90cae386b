CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text, u uuid NOT NULL DEFAULT gen_random_uuid(), s serial, n bigint GENERATED ALWAYS AS IDENTITY, k integer NOT NULL DEFAULT 7);
CREATE UNIQUE INDEX t_u ON t (u);
ALTER TABLE t ADD CONSTRAINT t_s_key UNIQUE (s);
ALTER TABLE t ADD CONSTRAINT t_n_key UNIQUE (n);
