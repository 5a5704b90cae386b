CREATE TABLE t (a integer, b character varying(5), c timestamp with time zone, d numeric(5, 0), e double precision, f bpchar(3), g boolean ARRAY);
