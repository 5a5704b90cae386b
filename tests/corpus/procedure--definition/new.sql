CREATE PROCEDURE p(a int, INOUT b text) LANGUAGE sql AS 'SELECT ''y''';
