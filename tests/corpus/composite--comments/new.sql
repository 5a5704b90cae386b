CREATE TYPE pair AS (a int);
COMMENT ON TYPE pair IS 'two';
COMMENT ON COLUMN pair.a IS 'one';
