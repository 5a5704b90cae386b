-- migrate:up
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;
CREATE TABLE "a;b" (c text DEFAULT ';' , d text DEFAULT E'\\\';', e text DEFAULT $$;$$, f text DEFAULT $x$;$$;$x$); /* ; /* ; */ */
\restrict x
COMMENT ON TABLE "a;b" IS 'it''s'; -- ;
-- migrate:down
DROP TABLE "a;b";
