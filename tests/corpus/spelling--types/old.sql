CREATE TABLE t (a int4, b varchar(5), c timestamptz, d decimal(5), e float8, f char(3), g bool[]);
