CREATE FUNCTION same(box, box) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'box_same';
CREATE OPERATOR public.=== (LEFTARG = box, PROCEDURE = public.same, RIGHTARG = box, COMMUTATOR = OPERATOR(public.===));
