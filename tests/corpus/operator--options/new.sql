CREATE FUNCTION same(box, box) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'box_same';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = box, RIGHTARG = box, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
