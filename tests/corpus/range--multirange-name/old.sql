-- server 14+
CREATE TYPE "time range" AS RANGE (subtype = time);
