-- no-primary-key: table:public.bare
-- no-primary-key: table:public.unlogged
-- integer-primary-key: primary_key:public.orders.orders_pkey
-- sequence-too-small: sequence:public.parts_id_seq
-- foreign-key-type: foreign_key:public.lines.lines_order_id_fkey
-- foreign-key-without-index: foreign_key:public.lines.lines_order_id_fkey
-- foreign-key-without-index: foreign_key:public.orders.orders_best_line_fkey
-- invalid-index: index:public.orders.by_code
-- duplicate-index: index:public.orders.by_total_again
-- redundant-index: index:public.orders.by_total
-- redundant-index: index:public.orders.by_total_again
-- not-validated: check:public.orders.positive
-- row-security-without-policy: table:public.secret
-- policy-without-row-security: table:public.open
-- security-definer-path: function:public.power()
-- view-passes-row-security: view:public.peek
-- writable-by-all: table:public.open
-- autovacuum-off: table:public.bare
-- unlogged-table: table:public.unlogged
-- trigger-disabled-here: trigger:public.orders.silent
-- timestamp-without-zone: column:public.orders.placed
-- json-column: column:public.orders.raw
-- char-column: column:public.orders.currency
-- money-column: column:public.orders.price
-- reg-column: column:public.orders.how
-- cut-name: table:public.a23456789_a23456789_a23456789_a23456789_a23456789_a23456789_abc
-- extension-in-public: extension:citext
-- serial-column: column:public.orders.id
-- serial-column: column:public.parts.id
-- varchar-limit: column:public.orders.code
-- nullable-unique: unique:public.orders.orders_code_key
-- nullable-boolean: column:public.orders.paid
-- nullable-foreign-key: foreign_key:public.lines.lines_order_id_fkey
-- nullable-foreign-key: foreign_key:public.orders.orders_best_line_fkey
-- wide-index: index:public.orders.wide
-- quoted-name: table:public.Odd
-- foreign-key-circle: foreign_key:public.lines.lines_order_id_fkey
-- foreign-key-circle: foreign_key:public.orders.orders_best_line_fkey
-- unrelated-table: table:public.Odd
-- unrelated-table: table:public.a23456789_a23456789_a23456789_a23456789_a23456789_a23456789_abc
-- unrelated-table: table:public.bare
-- unrelated-table: table:public.open
-- unrelated-table: table:public.parts
-- unrelated-table: table:public.secret
-- unrelated-table: table:public.unlogged
-- table-without-comment: table:public.lines
-- column-without-comment: column:public.lines.id
-- column-without-comment: column:public.lines.order_id
CREATE EXTENSION citext;
CREATE TABLE orders (
    id serial PRIMARY KEY, code varchar(20) UNIQUE, total bigint, placed timestamp, raw json, currency char(3),
    price money, how regconfig, paid boolean, best_line bigint);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
CREATE INDEX by_total ON orders (total);
CREATE INDEX by_total_again ON orders (total);
CREATE INDEX by_total_and_code ON orders (total, code);
CREATE INDEX wide ON orders (placed, total, code, currency);
CREATE INDEX by_code ON orders (currency DESC);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_code'::regclass;
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
ALTER TABLE orders ADD FOREIGN KEY (best_line) REFERENCES lines;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER silent BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE orders DISABLE TRIGGER silent;
CREATE TABLE parts (id bigserial PRIMARY KEY);
ALTER SEQUENCE parts_id_seq AS integer;
CREATE TABLE bare (a integer) WITH (autovacuum_enabled = false);
CREATE UNLOGGED TABLE unlogged (a integer);
CREATE TABLE secret (id bigint PRIMARY KEY);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE VIEW peek AS SELECT id FROM secret;
CREATE TABLE open (id bigint PRIMARY KEY);
CREATE POLICY own ON open USING (true);
GRANT INSERT ON open TO PUBLIC;
CREATE FUNCTION power() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE TABLE a23456789_a23456789_a23456789_a23456789_a23456789_a23456789_abc (id bigint PRIMARY KEY);
CREATE TABLE "Odd" (id bigint PRIMARY KEY);
COMMENT ON TABLE orders IS 'x';
COMMENT ON TABLE parts IS 'x';
COMMENT ON TABLE bare IS 'x';
COMMENT ON TABLE unlogged IS 'x';
COMMENT ON TABLE secret IS 'x';
COMMENT ON TABLE open IS 'x';
COMMENT ON TABLE "Odd" IS 'x';
COMMENT ON TABLE a23456789_a23456789_a23456789_a23456789_a23456789_a23456789_abc IS 'x';
DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute
               WHERE attrelid::regclass::text <> 'lines' AND attnum > 0
                 AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', it.relation, it.attname, 'x');
    END LOOP;
END $$;
