CREATE COLLATION plain (provider = libc, lc_collate = 'C', lc_ctype = 'C', deterministic = true);
