CREATE TABLE t (a text CHECK (trim(a) <> '' AND position('x' in a) = 0), at timestamptz DEFAULT now());
CREATE INDEX ON t ((at AT TIME ZONE 'UTC'));
CREATE VIEW v AS SELECT trim(both 'x' from a) AS b, trim(leading from a) AS l, trim(trailing 'x' from a) AS t,
  substring(a from 2 for 3) AS s, overlay(a placing 'x' from 1) AS o, (at, at) OVERLAPS (at, at) AS e,
  normalize(a, nfd) AS n, a IS NORMALIZED AS i, collation for (a) AS c FROM t;
CREATE FUNCTION f(a text DEFAULT trim('x ')) RETURNS int LANGUAGE sql AS 'SELECT 1';
