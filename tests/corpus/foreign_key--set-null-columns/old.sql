-- server 15+
CREATE TABLE p (a int, b int, UNIQUE (a, b));
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL;
