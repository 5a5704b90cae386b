-- old
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
-- bad
CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watch();
-- near: a function
CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 1';
