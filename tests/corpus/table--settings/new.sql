CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 70);
COMMENT ON TABLE t IS 'it''s';
