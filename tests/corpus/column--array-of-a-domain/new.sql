CREATE DOMAIN zip AS text;
CREATE TABLE t (a zip[]);
