-- old
CREATE TABLE log (at date);
-- bad
BEGIN;
DROP TABLE log;
CREATE TABLE log (at date) PARTITION BY RANGE (at);
COMMIT;
-- near: a new partitioned table
CREATE TABLE other (at date) PARTITION BY RANGE (at);
