CREATE TABLE t (during int4range, EXCLUDE USING gist (during WITH &&));
