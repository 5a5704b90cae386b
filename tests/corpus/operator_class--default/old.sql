-- server 14+
CREATE TYPE pair AS (a int);
CREATE OPERATOR CLASS pairs FOR TYPE pair USING hash AS FUNCTION 1 (pair, pair) hash_record(record);
