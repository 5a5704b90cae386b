-- server 17+
CREATE COLLATION plain (provider = builtin, locale = 'C');
