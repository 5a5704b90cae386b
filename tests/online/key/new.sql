CREATE TABLE t (id bigint, a integer NOT NULL, b integer NOT NULL, c text, d bigint NOT NULL DEFAULT random() * 9e18);
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
ALTER TABLE t ADD CONSTRAINT t_d_key UNIQUE (d) INCLUDE (c);
CREATE TABLE refers (d bigint REFERENCES t (d));
