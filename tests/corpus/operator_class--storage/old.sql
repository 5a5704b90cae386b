-- server 14+
CREATE OPERATOR CLASS boxes FOR TYPE box USING gist AS OPERATOR 1 <<, FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal);
