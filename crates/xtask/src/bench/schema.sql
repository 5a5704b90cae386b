-- A schema as a large application has it: :tables tables of twelve columns, with keys, checks and indexes, a view on
-- every fourth, a trigger on every fifth.
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TYPE state AS ENUM ('new', 'paid', 'shipped', 'gone');
SELECT format('CREATE TABLE table_%s (
         id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         parent_id bigint REFERENCES table_%s (id) ON DELETE CASCADE,
         code text NOT NULL UNIQUE,
         name varchar(200) NOT NULL DEFAULT %L,
         state state NOT NULL DEFAULT %L,
         amount numeric(12, 2) NOT NULL CHECK (amount >= 0),
         quantity integer NOT NULL DEFAULT 0,
         ratio double precision,
         tags text[] NOT NULL DEFAULT %L,
         data jsonb,
         created_at timestamptz NOT NULL DEFAULT now(),
         updated_at timestamptz)', n, greatest(n - 1, 1), 'unnamed', 'new', '{}')
  FROM generate_series(1, :tables) n
\gexec
SELECT format('CREATE INDEX ON table_%s (parent_id)', n) FROM generate_series(1, :tables) n
\gexec
SELECT format('CREATE INDEX ON table_%s (lower(name), created_at DESC) WHERE state <> %L', n, 'gone')
  FROM generate_series(1, :tables) n
\gexec
SELECT format('COMMENT ON TABLE table_%s IS %L', n, 'Number ' || n) FROM generate_series(1, :tables) n
\gexec
SELECT format('CREATE VIEW view_%s AS SELECT t.id, t.code, t.amount * t.quantity AS total, p.name AS parent
                 FROM table_%1$s t LEFT JOIN table_%s p ON p.id = t.parent_id WHERE t.state <> %L',
              n, greatest(n - 1, 1), 'gone')
  FROM generate_series(1, :tables, 4) n
\gexec
SELECT format('CREATE TRIGGER touched BEFORE UPDATE ON table_%s FOR EACH ROW EXECUTE FUNCTION touched()', n)
  FROM generate_series(1, :tables, 5) n
\gexec
ANALYZE;
