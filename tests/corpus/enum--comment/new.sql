CREATE TYPE mood AS ENUM ('ok');
COMMENT ON TYPE mood IS 'how it is';
