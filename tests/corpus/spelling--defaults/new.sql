CREATE TABLE t (
  at timestamptz DEFAULT now(), text varchar(9) DEFAULT 'x'::varchar, n numeric(8,2) DEFAULT '1', five int DEFAULT '5'::int,
  doc jsonb DEFAULT '{"a": 1}'::jsonb, list text[] DEFAULT '{}', none varchar(3), yes boolean DEFAULT true);
