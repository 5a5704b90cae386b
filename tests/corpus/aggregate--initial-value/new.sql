CREATE AGGREGATE total(value int) (SFUNC = int4pl, STYPE = int, INITCOND = '1');
