CREATE TABLE t (a text CHECK (btrim(a) <> '' AND "position"(a, 'x') = 0), at timestamptz DEFAULT now());
CREATE INDEX ON t (timezone('UTC', at));
CREATE VIEW v AS SELECT btrim(a, 'x') AS b, ltrim(a) AS l, rtrim(a, 'x') AS t,
  substring(a, 2, 3) AS s, "overlay"(a, 'x', 1) AS o, "overlaps"(at, at, at, at) AS e,
  "normalize"(a, 'nfd') AS n, is_normalized(a) AS i, pg_collation_for(a) AS c FROM t;
CREATE FUNCTION f(a text DEFAULT btrim('x ')) RETURNS int LANGUAGE sql AS 'SELECT 1';
