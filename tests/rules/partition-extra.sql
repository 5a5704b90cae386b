-- old
CREATE TABLE log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO log SELECT '2026-01-05' FROM generate_series(1, 500);
-- bad
DROP TABLE log_1;
-- near: a table that is no partition
CREATE TABLE x (a integer);
DROP TABLE x;
-- old
CREATE TABLE log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO log SELECT '2026-01-05' FROM generate_series(1, 500);
CREATE TABLE log_rest PARTITION OF log DEFAULT;
INSERT INTO log SELECT '2020-01-05' FROM generate_series(1, 500);
-- bad
DROP TABLE log_1;
