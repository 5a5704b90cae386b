CREATE TABLE parents (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text, parent bigint, other bigint);
ALTER TABLE t ADD CONSTRAINT changed CHECK (a >= 0 AND b >= 0);
ALTER TABLE t ADD CONSTRAINT added CHECK (c <> '');
ALTER TABLE t ADD CONSTRAINT refers FOREIGN KEY (parent) REFERENCES parents (id);
ALTER TABLE t ADD CONSTRAINT acts FOREIGN KEY (other) REFERENCES parents (id) ON DELETE CASCADE;
