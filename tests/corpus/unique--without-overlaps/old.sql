-- server 18+
CREATE TABLE r (a int4range, b daterange);
ALTER TABLE r ADD CONSTRAINT k UNIQUE (a, b);
