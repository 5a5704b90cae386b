-- old 15
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE orders (id integer PRIMARY KEY, customer integer, total integer, note text, code varchar(20), placed timestamp);
INSERT INTO orders SELECT n, n, n, n::text, n::text, now() FROM generate_series(1, 500) n;
-- bad
ALTER TABLE orders SET ACCESS METHOD heap2;
-- good none: pg_repack
-- near: a setting
ALTER TABLE orders SET (fillfactor = 80);
