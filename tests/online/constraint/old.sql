CREATE TABLE parents (id bigint PRIMARY KEY);
INSERT INTO parents SELECT n FROM generate_series(0, 20000) AS n;
CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text, parent bigint, other bigint);
ALTER TABLE t ADD CONSTRAINT changed CHECK (a >= 0);
ALTER TABLE t ADD CONSTRAINT acts FOREIGN KEY (other) REFERENCES parents (id);
INSERT INTO t SELECT n, 0, 0, 'x', n % 20000, n % 20000 FROM generate_series(1, 200000) AS n;
