-- server 14+
CREATE TABLE t (a text);
