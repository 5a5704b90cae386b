CREATE TABLE public.t (k integer, n text, c text COLLATE "C") PARTITION BY LIST (k);
CREATE TABLE public.t1 PARTITION OF public.t FOR VALUES IN (1);
