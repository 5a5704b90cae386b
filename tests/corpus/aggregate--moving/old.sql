CREATE AGGREGATE total(float8) (SFUNC = float8pl, STYPE = float8);
