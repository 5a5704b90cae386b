-- old
CREATE SEQUENCE numbers;
-- bad
DROP SEQUENCE numbers;
-- near: numbers that were drawn
SELECT nextval('numbers');
