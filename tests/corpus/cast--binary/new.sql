CREATE DOMAIN zip AS text;
CREATE TYPE pair AS (a int);
CREATE TYPE couple AS (a int);
CREATE CAST (pair AS couple) WITH INOUT AS IMPLICIT;
