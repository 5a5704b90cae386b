-- old
CREATE TABLE log (id integer GENERATED ALWAYS AS IDENTITY, at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
-- new
CREATE EXTENSION hstore;
CREATE INDEX by_what ON log (what);
CREATE TYPE span AS RANGE (subtype = integer);
-- says
type-missing
index-missing
extension-differs
