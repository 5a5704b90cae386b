-- old
CREATE TABLE stays (room integer, during tsrange);
INSERT INTO stays SELECT n, tsrange(now()::timestamp + n * interval '1 day', now()::timestamp + n * interval '1 day' + interval '1 hour') FROM generate_series(1, 500) n;
-- bad
ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);
-- good none: a maintenance window; until then a trigger can look for overlaps
-- refused 23P01
UPDATE stays SET during = tsrange(now()::timestamp, now()::timestamp + interval '1 day');
-- near: an index of the same
CREATE INDEX during ON stays USING gist (during);
