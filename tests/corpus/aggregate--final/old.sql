CREATE AGGREGATE mean(float8) (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}');
