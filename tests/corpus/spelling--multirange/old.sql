-- server 14+
CREATE TYPE span AS RANGE (subtype = int);
