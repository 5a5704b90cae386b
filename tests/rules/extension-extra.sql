-- old
CREATE EXTENSION pgcrypto;
-- bad
DROP EXTENSION pgcrypto;
-- near: an extension that is new
CREATE EXTENSION citext;
