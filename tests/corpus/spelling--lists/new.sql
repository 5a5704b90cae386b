CREATE TABLE t (a varchar(9) CHECK (((a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s'::character varying)::text]))));
