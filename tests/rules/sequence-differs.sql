-- old
CREATE SEQUENCE numbers;
-- bad
ALTER SEQUENCE numbers INCREMENT BY 2;
-- near: numbers that were drawn
SELECT nextval('numbers');
