CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text);
CREATE INDEX t_made ON t (a);
CREATE UNIQUE INDEX t_once ON t (id, c) WHERE c <> 'y';
CREATE INDEX t_changed ON t (b, a);
