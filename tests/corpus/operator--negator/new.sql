CREATE FUNCTION same(box, box) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'box_same';
CREATE FUNCTION differs(box, box) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT NOT same($1, $2)';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = box, RIGHTARG = box);
CREATE OPERATOR !== (FUNCTION = differs, LEFTARG = box, RIGHTARG = box, NEGATOR = ===);
