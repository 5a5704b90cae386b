CREATE TABLE t (
  at timestamptz DEFAULT CURRENT_TIMESTAMP, text varchar(9) DEFAULT 'x'::text, n numeric(8,2) DEFAULT 1.00, five int DEFAULT (2 + 3),
  doc jsonb DEFAULT '{"a":1}', list text[] DEFAULT ARRAY[]::text[], none varchar(3) DEFAULT NULL, yes boolean DEFAULT 't');
