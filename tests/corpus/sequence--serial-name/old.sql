CREATE SEQUENCE t_seq AS integer;
CREATE TABLE t (id integer NOT NULL DEFAULT nextval('t_seq'));
ALTER SEQUENCE t_seq OWNED BY t.id;
