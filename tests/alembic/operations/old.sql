-- server 15+
CREATE SCHEMA side;
CREATE TABLE plain (id integer NOT NULL, a integer, b text, c integer, gone text, period tstzrange);
CREATE TABLE identified (id integer NOT NULL, other bigint GENERATED ALWAYS AS IDENTITY NOT NULL);
CREATE TABLE side.parent (x integer NOT NULL, y integer NOT NULL, CONSTRAINT parent_key PRIMARY KEY (x, y));
CREATE TABLE dropped (id integer);
CREATE INDEX plain_gone ON plain (gone);
CREATE INDEX plain_a ON plain (a);
CREATE UNIQUE INDEX side_y ON side.parent (y);
CREATE TABLE refers (y integer, CONSTRAINT refers_y FOREIGN KEY (y) REFERENCES side.parent (y));
