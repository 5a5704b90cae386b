CREATE TABLE t (k varchar(9)) WITH (autovacuum_enabled = false);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (((NEW.k)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))) EXECUTE FUNCTION f();
CREATE VIEW v WITH (security_barrier = on) AS SELECT k FROM t;
