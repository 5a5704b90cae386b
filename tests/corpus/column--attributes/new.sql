CREATE TABLE t (a varchar(20), b bigint DEFAULT 7, c text COLLATE "C", d int, e int NOT NULL, come uuid DEFAULT gen_random_uuid());
