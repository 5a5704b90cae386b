-- old
CREATE TYPE point3 AS (x integer, y integer);
-- bad
ALTER TYPE point3 ADD ATTRIBUTE z integer;
-- near: another owner
ALTER TYPE point3 OWNER TO app;
