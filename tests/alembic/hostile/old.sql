-- server 15+
CREATE TABLE "a :b %s %(c)s {d}" ("q""'\ :x" integer, keep text);
CREATE TABLE plain (id integer, "values" text, "collation" text, "Größe 大" integer, lateral_ text);
CREATE TABLE colons (id integer PRIMARY KEY, kind text);
COMMENT ON TABLE plain IS 'before';
