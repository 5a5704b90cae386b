CREATE TABLE t (a int, b int, c varchar(3) CHECK (c IN ('a'::varchar(3), 'b'::varchar(3))), d text CHECK (d IN ('x', 'y')),
  CHECK ((a >= 1 AND a <= 9) AND b IS NOT NULL), CHECK (a = 1 OR (b = 2 OR b = 3)), e text CHECK (e IN ('x')));
CREATE VIEW v AS SELECT a FROM t WHERE a BETWEEN 1 AND 9 AND (b > 1 AND c IN ('a', 'b'));
