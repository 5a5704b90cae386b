CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c text, m mood DEFAULT 'b');
