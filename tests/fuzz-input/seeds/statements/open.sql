SELECT 'a
/* b $$ c