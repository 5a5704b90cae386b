CREATE TABLE t (a text);
ALTER TABLE t SET (toast.autovacuum_enabled = off);
