-- server 15+
CREATE SEQUENCE s;
