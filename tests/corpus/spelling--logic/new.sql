CREATE TABLE t (a int, b int, c varchar(3) CHECK (c = ANY (ARRAY['a', 'b']::varchar[])), d text CHECK (d = ANY ('{x,y}'::text[])),
  CHECK (a BETWEEN 1 AND 9 AND b IS NOT NULL), CHECK (a = 1 OR b = 2 OR b = 3), e text CHECK (e = ANY (ARRAY['x'])));
CREATE VIEW v AS SELECT a FROM t WHERE a >= 1 AND a <= 9 AND b > 1 AND c IN ('a', 'b');
