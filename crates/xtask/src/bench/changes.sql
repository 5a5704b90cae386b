-- One table in a hundred differs.
SELECT format('ALTER TABLE table_%s ADD COLUMN note text, ALTER COLUMN quantity SET DEFAULT 1', n)
  FROM generate_series(7, :tables, 100) n
\gexec
SELECT format('CREATE INDEX ON table_%s (created_at)', n) FROM generate_series(8, :tables, 100) n
\gexec
