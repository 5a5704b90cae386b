CREATE TABLE t (a varchar(9) CHECK (a IN ('x', 'it''s')));
