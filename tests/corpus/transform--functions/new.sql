CREATE LANGUAGE other HANDLER plpgsql_call_handler;
CREATE FUNCTION go(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE FUNCTION back(internal) RETURNS point LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR point LANGUAGE other (FROM SQL WITH FUNCTION go(internal), TO SQL WITH FUNCTION back(internal));
