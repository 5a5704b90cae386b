CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION feel(int) RETURNS mood LANGUAGE sql AS $$SELECT 'ok'::mood$$;
CREATE CAST (int AS mood) WITH FUNCTION feel(int);
